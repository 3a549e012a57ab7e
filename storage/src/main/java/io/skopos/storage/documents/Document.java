// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.documents;

import io.skopos.model.TenantId;
import java.time.Instant;

/**
 * A document as it is stored; immutable, so do not change the content's array.
 *
 * @param version 1 when created, one more with each change
 * @param incarnation drawn at random when created, so that a document removed and created again is
 *     another one
 */
public record Document(
    TenantId tenant,
    String kind,
    String name,
    long version,
    long incarnation,
    Instant created,
    Instant changed,
    byte[] content) {

  /** For If-Match; without quotes. */
  public String etag() {
    return version + "-" + Long.toHexString(incarnation);
  }
}
