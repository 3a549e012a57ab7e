// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.push;

import io.skopos.model.Fingerprint;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.documents.Document;
import io.skopos.storage.documents.DocumentConflict;
import io.skopos.storage.documents.Documents;
import io.skopos.web.HttpError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Groups as documents of their tenants, and which tenants have some, as documents of the server's
 * own. Names are hashes, as keys and tenants may be longer than a document's name.
 */
final class PushDocuments {

  private static final Logger log = LoggerFactory.getLogger(PushDocuments.class);

  private static final String GROUP = "push-group";
  private static final String TENANT = "push-tenant";
  private static final int PAGE = 100;

  /** Names are found again by it after a restart, so its key never changes. */
  private static final Fingerprint NAMES = new Fingerprint(0x70757368L, 0x67726f7570L);

  private final Documents documents;
  private final TenantId ownTenant;

  PushDocuments(Documents documents, TenantId ownTenant) {
    this.documents = documents;
    this.ownTenant = ownTenant;
  }

  private static String name(byte[] bytes) {
    long[] hash = new long[2];
    NAMES.hash128(bytes, 0, bytes.length, hash, 0);
    return Long.toHexString(hash[0]) + "-" + Long.toHexString(hash[1]);
  }

  Map<TenantId, Map<Labels, PushGroup>> load() throws IOException {
    Map<TenantId, Map<Labels, PushGroup>> tenants = new TreeMap<>();
    String after = "";
    while (true) {
      List<Document> page = documents.list(ownTenant, TENANT, after, PAGE);
      if (page.isEmpty()) {
        return tenants;
      }
      for (Document document : page) {
        TenantId tenant = new TenantId(new String(document.content(), StandardCharsets.UTF_8));
        tenants.put(tenant, load(tenant));
      }
      after = page.getLast().name();
    }
  }

  private Map<Labels, PushGroup> load(TenantId tenant) throws IOException {
    Map<Labels, PushGroup> groups = new TreeMap<>();
    String after = "";
    while (true) {
      List<Document> page = documents.list(tenant, GROUP, after, PAGE);
      if (page.isEmpty()) {
        return groups;
      }
      for (Document document : page) {
        try {
          PushGroup group = PushGroupCodec.decode(document.content());
          groups.put(group.labels(), group);
        } catch (IOException | IllegalArgumentException e) {
          log.error(
              "a pushed group of {} cannot be read and is left out: {}", tenant, e.getMessage());
        }
      }
      after = page.getLast().name();
    }
  }

  /** The group's document, if that is not too large. */
  byte[] encode(PushGroup group) {
    byte[] content = PushGroupCodec.encode(group);
    if (content.length > documents.maxBytes()) {
      throw HttpError.tooLarge(
          "the group's pushes together are "
              + content.length
              + " bytes as a document, the limit is "
              + documents.maxBytes()
              + "; push fewer metrics, or replace the group (PUT)");
    }
    return content;
  }

  void save(TenantId tenant, PushGroup group, byte[] content) throws IOException {
    put(ownTenant, TENANT, tenant.value().getBytes(StandardCharsets.UTF_8), null);
    put(tenant, GROUP, group.labels().canonicalBytes(), content);
  }

  private void put(
      TenantId tenant, String kind, byte[] key, byte @org.jspecify.annotations.Nullable [] content)
      throws IOException {
    String name = name(key);
    try {
      Document known = documents.get(tenant, kind, name);
      if (known == null) {
        Document unused = documents.create(tenant, kind, name, content == null ? key : content);
      } else if (content != null) {
        Document unused = documents.change(tenant, kind, name, known.etag(), content);
      }
    } catch (DocumentConflict e) {
      throw new IOException("the document of a pushed group was changed by somebody else", e);
    }
  }

  void remove(TenantId tenant, Labels key) throws IOException {
    String name = name(key.canonicalBytes());
    Document known = documents.get(tenant, GROUP, name);
    if (known == null) {
      return;
    }
    try {
      documents.remove(tenant, GROUP, name, known.etag());
    } catch (DocumentConflict e) {
      throw new IOException("the document of a pushed group was changed by somebody else", e);
    }
  }
}
