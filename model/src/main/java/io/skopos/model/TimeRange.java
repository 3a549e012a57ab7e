// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model;

/** Milliseconds since the Unix epoch, both ends included. Negative times are before 1970. */
public record TimeRange(long fromMs, long toMs) {

  public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

  /**
   * The years 1 to 9999 UTC: what a row's time may be. Anything else is a mistake of unit, such as
   * nanoseconds where milliseconds are due, and is refused before the log.
   */
  public static final TimeRange STORABLE =
      new TimeRange(-62_135_596_800_000L, 253_402_300_799_999L);

  public TimeRange {
    if (toMs < fromMs) {
      throw new IllegalArgumentException("time range ends at " + toMs + ", before " + fromMs);
    }
  }

  public boolean contains(long timeMs) {
    return timeMs >= fromMs && timeMs <= toMs;
  }

  public boolean overlaps(long otherFromMs, long otherToMs) {
    return otherFromMs <= toMs && otherToMs >= fromMs;
  }
}
