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

  private final boolean fateUnknown;

  public WriteUnavailable(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  /**
   * @param fateUnknown the rows may turn out to be kept, as after a crash: the disk failed while
   *     they were written and could not be asked to forget them. Repeating them is harmless.
   */
  public WriteUnavailable(String message, @Nullable Throwable cause, boolean fateUnknown) {
    super(message, cause);
    this.fateUnknown = fateUnknown;
  }

  /** False when nothing of the write was kept, now or after a restart. */
  public boolean fateUnknown() {
    return fateUnknown;
  }
}
