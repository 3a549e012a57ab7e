// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import org.jspecify.annotations.Nullable;

/**
 * The log cannot take writes now (disk full, I/O error, shutting down); answered with 503 so that
 * senders retry.
 */
public final class WriteUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public WriteUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
