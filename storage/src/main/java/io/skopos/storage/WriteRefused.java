// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import java.time.Duration;

/**
 * The write cannot be taken as it is: a limit, a retention, a bad row. The message names the limit,
 * its value and what would help; it is shown to the sender with {@link #httpStatus}.
 */
public final class WriteRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int httpStatus;
  private final Duration retryAfter;

  /**
   * @param httpStatus 400 for bad rows, 413 for size, 429 for rates; 202 for rows that are not kept
   *     and that the sender need not know of
   */
  public WriteRefused(int httpStatus, String message) {
    this(httpStatus, message, Duration.ZERO);
  }

  /**
   * @param retryAfter when the same write may be taken; zero when waiting does not help
   */
  public WriteRefused(int httpStatus, String message, Duration retryAfter) {
    super(message);
    this.httpStatus = httpStatus;
    this.retryAfter = retryAfter;
  }

  /** The rows were dropped on purpose; to the sender it is a success. */
  public boolean isAccepted() {
    return httpStatus / 100 == 2;
  }

  public int httpStatus() {
    return httpStatus;
  }

  /** For {@code Retry-After}; zero when waiting does not help. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
