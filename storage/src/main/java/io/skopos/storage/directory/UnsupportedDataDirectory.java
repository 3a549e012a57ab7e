// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.directory;

import java.io.IOException;

/** The directory is of another format, or holds something else; nothing in it was touched. */
public final class UnsupportedDataDirectory extends IOException {

  private static final long serialVersionUID = 1L;

  public UnsupportedDataDirectory(String message) {
    super(message);
  }
}
