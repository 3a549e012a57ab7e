// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.documents;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.TenantId;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.objects.ObjectTooLarge;
import io.skopos.storage.objects.VersionConflict;
import io.skopos.storage.objects.VersionedObject;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Documents as objects, read from the store each time. */
public final class StoredDocuments implements Documents {

  public static final int DEFAULT_MAX_BYTES = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(StoredDocuments.class);
  private static final String ASIDE = "damaged/";

  private final ObjectStore objects;
  private final int maxBytes;
  private final DamagedFiles damagedFiles;
  private final InstantSource clock;
  private final RandomGenerator random = new SecureRandom();
  private final List<Listening> listeners = new CopyOnWriteArrayList<>();
  private final Counter changes;
  private final Counter conflicts;

  public StoredDocuments(
      ObjectStore objects,
      int maxBytes,
      DamagedFiles damagedFiles,
      InstantSource clock,
      PrometheusRegistry registry)
      throws IOException {
    objects.settle(DocumentKeys.ROOT);
    this.objects = objects;
    this.maxBytes = maxBytes;
    this.damagedFiles = damagedFiles;
    this.clock = clock;
    this.changes =
        Counter.builder()
            .name("skopos_storage_document_changes_total")
            .help("Documents created, changed or removed.")
            .register(registry);
    this.conflicts =
        Counter.builder()
            .name("skopos_storage_document_conflicts_total")
            .help("Changes refused because somebody else was faster.")
            .register(registry);
  }

  @Override
  public @Nullable Document get(TenantId tenant, String kind, String name) throws IOException {
    Stored stored = read(DocumentKeys.of(tenant, kind, name));
    return stored == null ? null : stored.document;
  }

  @Override
  public Document create(TenantId tenant, String kind, String name, byte[] content)
      throws IOException {
    String key = DocumentKeys.of(tenant, kind, name);
    checkSize(kind, name, content);
    Instant now = now();
    Document document =
        new Document(tenant, kind, name, 1, random.nextLong(), now, now, content.clone());
    read(key); // a damaged one makes room
    try {
      objects.putIfAbsent(key, DocumentFormat.encode(document));
    } catch (VersionConflict e) {
      throw conflict(kind, name, "exists already");
    }
    return changed(document);
  }

  @Override
  public Document change(TenantId tenant, String kind, String name, String etag, byte[] content)
      throws IOException {
    String key = DocumentKeys.of(tenant, kind, name);
    checkSize(kind, name, content);
    Stored present = expect(key, kind, name, etag);
    Document next =
        new Document(
            tenant,
            kind,
            name,
            present.document.version() + 1,
            present.document.incarnation(),
            present.document.created(),
            now(),
            content.clone());
    try {
      objects.replace(key, present.objectVersion, DocumentFormat.encode(next));
    } catch (VersionConflict e) {
      throw conflict(kind, name, "was changed by somebody else at the same moment");
    }
    return changed(next);
  }

  @Override
  public void remove(TenantId tenant, String kind, String name, String etag) throws IOException {
    String key = DocumentKeys.of(tenant, kind, name);
    Stored present = expect(key, kind, name, etag);
    try {
      objects.delete(key, present.objectVersion);
    } catch (VersionConflict e) {
      throw conflict(kind, name, "was changed by somebody else at the same moment");
    }
    changes.inc();
    tell(tenant, kind, name, null);
  }

  @Override
  public List<Document> list(TenantId tenant, String kind, String afterName, int limit)
      throws IOException {
    String folder = DocumentKeys.folder(tenant, kind);
    String after = afterName.isEmpty() ? "" : DocumentKeys.of(tenant, kind, afterName);
    List<Document> found = new ArrayList<>();
    while (found.size() < limit) {
      List<ObjectSummary> page = objects.list(folder, after, limit - found.size());
      if (page.isEmpty()) {
        break;
      }
      for (ObjectSummary object : page) {
        Stored stored = read(object.key());
        if (stored != null) {
          found.add(stored.document);
        }
      }
      after = page.getLast().key();
    }
    return found;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the same listener may watch twice and close once
  public Watch watch(String kind, DocumentListener listener) {
    DocumentKeys.checkKind(kind);
    Listening listening = new Listening(kind, listener);
    listeners.add(listening);
    return () -> listeners.removeIf(each -> each == listening);
  }

  @Override
  public int maxBytes() {
    return maxBytes;
  }

  private Stored expect(String key, String kind, String name, String etag) throws IOException {
    Stored present = read(key);
    if (present == null) {
      throw conflict(kind, name, "does not exist (any more)");
    }
    if (!present.document.etag().equals(etag)) {
      throw conflict(
          kind, name, "has version " + present.document.etag() + ", not " + etag + " as expected");
    }
    return present;
  }

  private DocumentConflict conflict(String kind, String name, String what) {
    conflicts.inc();
    return new DocumentConflict("the " + kind + " '" + name + "' " + what + "; read it again");
  }

  private Document changed(Document document) {
    changes.inc();
    tell(document.tenant(), document.kind(), document.name(), document);
    return document;
  }

  private void tell(TenantId tenant, String kind, String name, @Nullable Document now) {
    for (Listening each : listeners) {
      if (each.kind.equals(kind)) {
        try {
          each.listener.changed(tenant, kind, name, now);
        } catch (RuntimeException e) {
          // The change has happened; who made it is not to blame for who hears of it.
          LOG.error("a listener failed on the change of the {} '{}'", kind, name, e);
        }
      }
    }
  }

  /** As precise as it is stored. */
  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  private void checkSize(String kind, String name, byte[] content) throws DocumentTooLarge {
    if (content.length > maxBytes) {
      throw new DocumentTooLarge(
          "the "
              + kind
              + " '"
              + name
              + "' has "
              + content.length
              + " bytes, the limit is "
              + maxBytes);
    }
  }

  private @Nullable Stored read(String key) throws IOException {
    // Room for documents written under a greater limit.
    int most = Math.max(maxBytes, ObjectStore.MAX_WHOLE_BYTES - DocumentFormat.MAX_OVERHEAD);
    VersionedObject object;
    try {
      object = objects.get(key, most);
    } catch (ObjectTooLarge e) {
      damagedFiles.report(
          DamagedFile.Kind.DOCUMENT, key, "no document is so large: " + e.getMessage(), null, 0);
      throw e;
    }
    if (object == null) {
      return null;
    }
    try {
      Document document = DocumentFormat.decode(object.bytes());
      String named = DocumentKeys.of(document.tenant(), document.kind(), document.name());
      if (!named.equals(key)) {
        throw new DamagedBytes("it is the document " + named);
      }
      return new Stored(document, object.version());
    } catch (DamagedBytes | IllegalArgumentException e) {
      putAside(key, object, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private void putAside(String key, VersionedObject damaged, String what) throws IOException {
    String aside = ASIDE + key + "." + clock.millis();
    objects.put(aside, damaged.bytes());
    try {
      objects.delete(key, damaged.version());
    } catch (VersionConflict e) {
      return; // Somebody else has put it aside.
    }
    damagedFiles.report(
        DamagedFile.Kind.DOCUMENT,
        key,
        what + "; kept aside as " + aside,
        null,
        damaged.bytes().length);
  }

  private record Stored(Document document, String objectVersion) {}

  private record Listening(String kind, DocumentListener listener) {}
}
