// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.documents;

import java.io.IOException;

/** The document is not in the state the change was meant for; nothing was written. */
public final class DocumentConflict extends IOException {

  private static final long serialVersionUID = 1L;

  public DocumentConflict(String message) {
    super(message);
  }
}
