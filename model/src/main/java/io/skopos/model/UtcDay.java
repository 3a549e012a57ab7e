// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model;

import java.time.LocalDate;

/** Days since 1970-01-01 UTC; the unit in which data is indexed, compacted and dropped. */
public record UtcDay(int number) implements Comparable<UtcDay> {

  public static final long MILLIS = 86_400_000L;

  public static UtcDay of(long timeMs) {
    return new UtcDay(numberOf(timeMs));
  }

  public static int numberOf(long timeMs) {
    return Math.toIntExact(Math.floorDiv(timeMs, MILLIS));
  }

  public long startMs() {
    return number * MILLIS;
  }

  /** The last millisecond of the day. */
  public long endMs() {
    return startMs() + MILLIS - 1;
  }

  @Override
  public int compareTo(UtcDay other) {
    return Integer.compare(number, other.number);
  }

  /** ISO form, e.g. {@code 2026-01-31}. */
  @Override
  public String toString() {
    return LocalDate.ofEpochDay(number).toString();
  }

  public static UtcDay parse(String isoDate) {
    return new UtcDay(Math.toIntExact(LocalDate.parse(isoDate).toEpochDay()));
  }
}
