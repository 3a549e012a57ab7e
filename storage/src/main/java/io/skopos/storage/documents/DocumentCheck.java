// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.documents;

import io.skopos.storage.bytes.DamagedBytes;

/** Looks at stored documents without mending them. */
public final class DocumentCheck {

  /** What the keys of all documents begin with. */
  public static final String ROOT = DocumentKeys.ROOT;

  /** Most bytes of a stored document. */
  public static final int MAX_BYTES =
      StoredDocuments.DEFAULT_MAX_BYTES + DocumentFormat.MAX_OVERHEAD;

  private DocumentCheck() {}

  /** What is wrong with a document's bytes; empty when nothing is. */
  public static String damageOf(byte[] bytes) {
    try {
      Document _ = DocumentFormat.decode(bytes);
      return "";
    } catch (DamagedBytes e) {
      return String.valueOf(e.getMessage());
    }
  }
}
