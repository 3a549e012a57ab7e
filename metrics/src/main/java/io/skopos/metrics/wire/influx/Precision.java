// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire.influx;

/** The unit of a line's timestamp: the values of {@code precision}. */
public enum Precision {
  NANOSECONDS(1, 1_000_000),
  MICROSECONDS(1, 1000),
  MILLISECONDS(1, 1),
  SECONDS(1000, 1),
  MINUTES(60_000, 1),
  HOURS(3_600_000, 1);

  private final long times;
  private final long per;

  Precision(long times, long per) {
    this.times = times;
    this.per = per;
  }

  /**
   * @throws IllegalArgumentException naming those there are
   */
  public static Precision of(String text) {
    return switch (text) {
      case "", "n", "ns" -> NANOSECONDS;
      case "u", "us", "µ", "µs" -> MICROSECONDS;
      case "ms" -> MILLISECONDS;
      case "s" -> SECONDS;
      case "m" -> MINUTES;
      case "h" -> HOURS;
      default ->
          throw new IllegalArgumentException(
              "precision '" + text + "' is not one of ns, us, ms, s, m, h");
    };
  }

  /** Out of any range when that does not fit. */
  long toMs(long time) {
    if (per > 1) {
      return Math.floorDiv(time, per);
    }
    long high = Math.multiplyHigh(time, times);
    long low = time * times;
    return high == low >> 63 ? low : time < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }
}
