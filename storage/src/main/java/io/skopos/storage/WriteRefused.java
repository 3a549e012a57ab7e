// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

/**
 * The write cannot be taken as it is: a limit, a retention, a bad row. The message names the limit,
 * its value and what would help; it is shown to the sender with {@link #httpStatus}.
 */
public final class WriteRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int httpStatus;

  /**
   * @param httpStatus 400 for bad rows, 413 for size, 429 for rates
   */
  public WriteRefused(int httpStatus, String message) {
    super(message);
    this.httpStatus = httpStatus;
  }

  public int httpStatus() {
    return httpStatus;
  }
}
