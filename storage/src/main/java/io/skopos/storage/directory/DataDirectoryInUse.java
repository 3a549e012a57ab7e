// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.directory;

import java.io.IOException;

/** Another process has the data directory; the message names it. */
public final class DataDirectoryInUse extends IOException {

  private static final long serialVersionUID = 1L;

  public DataDirectoryInUse(String message) {
    super(message);
  }
}
