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
  private final long keptRows;
  private final long refusedRows;

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
    this(httpStatus, message, retryAfter, 0, 0);
  }

  /**
   * Some rows were refused; the others are durable and visible.
   *
   * @param keptRows 0 when none was left
   */
  public WriteRefused(int httpStatus, String message, long keptRows, long refusedRows) {
    this(httpStatus, message, Duration.ZERO, keptRows, refusedRows);
  }

  private WriteRefused(
      int httpStatus, String message, Duration retryAfter, long keptRows, long refusedRows) {
    super(message);
    this.httpStatus = httpStatus;
    this.retryAfter = retryAfter;
    this.keptRows = keptRows;
    this.refusedRows = refusedRows;
  }

  /** Rows that were kept all the same; the batch holds them then, unless it had replicas. */
  public long keptRows() {
    return keptRows;
  }

  /** Rows that were left out; 0 when the write was refused as a whole. */
  public long refusedRows() {
    return refusedRows;
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
