// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.encoding;

import java.io.IOException;

/** Bytes that their format does not allow. The reader's caller adds file and offset. */
public final class MalformedBytes extends IOException {

  private static final long serialVersionUID = 1L;

  public MalformedBytes(String message) {
    super(message);
  }
}
