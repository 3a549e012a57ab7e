// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

/** Bounds in milliseconds, both included, as bounds in nanoseconds. */
public final class NanoTimes {

  private static final long PER_MS = 1_000_000;

  private NanoTimes() {}

  /** The first nanosecond of a millisecond, or the earliest there is. */
  public static long first(long ms) {
    return ms <= Long.MIN_VALUE / PER_MS ? Long.MIN_VALUE : ms * PER_MS;
  }

  /** The last nanosecond of a millisecond, or the latest there is. */
  public static long last(long ms) {
    return ms >= Long.MAX_VALUE / PER_MS ? Long.MAX_VALUE : ms * PER_MS + PER_MS - 1;
  }

  /** The millisecond a nanosecond lies in. */
  public static long toMs(long ns) {
    return Math.floorDiv(ns, PER_MS);
  }
}
