// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake.ha;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.skopos.ingest.json.JsonValue;
import io.skopos.model.TenantId;
import io.skopos.storage.documents.Document;
import io.skopos.storage.documents.Documents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leaders as documents of their tenants, one for each cluster. */
final class LeaderDocuments {

  private static final Logger log = LoggerFactory.getLogger(LeaderDocuments.class);

  private static final String KIND = "ha-leader";
  private static final int PAGE = 500;
  private static final JsonFactory JSON = new JsonFactory();

  private final Documents documents;

  LeaderDocuments(Documents documents) {
    this.documents = documents;
  }

  List<Leader> load(TenantId tenant) throws IOException {
    List<Leader> leaders = new ArrayList<>();
    String after = "";
    while (true) {
      List<Document> page = documents.list(tenant, KIND, after, PAGE);
      if (page.isEmpty()) {
        return leaders;
      }
      for (Document document : page) {
        try {
          leaders.add(decode(document.content()));
        } catch (JsonValue.Malformed e) {
          log.warn("a leader of the tenant {} cannot be read; it is elected anew", tenant, e);
        }
      }
      after = page.getLast().name();
    }
  }

  /** Nobody else writes these, so the version that is there is the one to replace. */
  void store(TenantId tenant, Leader leader) throws IOException {
    String name = name(leader.cluster());
    byte[] content = encode(leader);
    Document old = documents.get(tenant, KIND, name);
    if (old == null) {
      documents.create(tenant, KIND, name, content);
    } else {
      documents.change(tenant, KIND, name, old.etag(), content);
    }
  }

  void remove(TenantId tenant, String cluster) throws IOException {
    String name = name(cluster);
    Document old = documents.get(tenant, KIND, name);
    if (old != null) {
      documents.remove(tenant, KIND, name, old.etag());
    }
  }

  /** Clusters' names may be longer than documents'. */
  private static String name(String cluster) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(cluster.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] encode(Leader leader) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("cluster", leader.cluster());
      json.writeStringField("replica", leader.replica());
      json.writeNumberField("electedMs", leader.electedMs());
      json.writeNumberField("receivedMs", leader.receivedMs());
      json.writeNumberField("elections", leader.elections());
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private static Leader decode(byte[] content) throws JsonValue.Malformed {
    JsonValue json = JsonValue.parse(content);
    return new Leader(
        json.get("cluster").text(),
        json.get("replica").text(),
        json.get("electedMs").number(0),
        json.get("receivedMs").number(0),
        json.get("elections").number(0));
  }
}
