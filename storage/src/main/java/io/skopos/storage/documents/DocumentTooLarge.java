// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.documents;

import java.io.IOException;

/** A document's content is above the limit; the message names it. */
public final class DocumentTooLarge extends IOException {

  private static final long serialVersionUID = 1L;

  public DocumentTooLarge(String message) {
    super(message);
  }
}
