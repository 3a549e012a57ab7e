// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.rates;

import io.skopos.model.TenantId;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.documents.Document;
import io.skopos.storage.documents.Documents;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where counts are stored: a document of each tenant, which nobody else writes. */
final class CountDocuments {

  private static final String KIND = "log-rates";
  private static final String NAME = "counts";

  private final Documents documents;

  CountDocuments(Documents documents) {
    this.documents = documents;
  }

  /**
   * Null when there is none.
   *
   * @throws IOException also when it cannot be understood
   */
  @Nullable StoredCounts load(TenantId tenant) throws IOException {
    Document document = documents.get(tenant, KIND, NAME);
    if (document == null) {
      return null;
    }
    try {
      return StoredCounts.decode(document.content());
    } catch (DamagedBytes | IllegalArgumentException e) {
      throw new IOException("the document " + KIND + " cannot be read: " + e.getMessage(), e);
    }
  }

  void store(TenantId tenant, StoredCounts counts) throws IOException {
    byte[] content = counts.encode();
    Document old = documents.get(tenant, KIND, NAME);
    if (old == null) {
      Document _ = documents.create(tenant, KIND, NAME, content);
    } else {
      Document _ = documents.change(tenant, KIND, NAME, old.etag(), content);
    }
  }
}
