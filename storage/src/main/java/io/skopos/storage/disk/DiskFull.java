// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.disk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The file system has no room left, or the quota is used up. */
public final class DiskFull extends IOException {

  private static final long serialVersionUID = 1L;

  public DiskFull(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
