// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

/**
 * A value as a whole number over a power of ten, where that is exact. The bound keeps rounding
 * reversible: below 2^50, {@code rint(value * 10^scale)} gives back the number the value was made
 * of.
 */
final class Decimals {

  static final int MAX_SCALE = 6;

  /** The scale of values that are no short decimals. */
  static final int NO_SCALE = 15;

  static final long NONE = Long.MIN_VALUE;

  private static final double BOUND = 0x1p50;
  private static final double[] POWER = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};

  private Decimals() {}

  /** The number n with n / 10^scale == value, bit for bit; {@link #NONE} when there is none. */
  static long mantissa(double value, int scale) {
    double scaled = scale == 0 ? value : value * POWER[scale];
    if (!(Math.abs(scaled) < BOUND)) {
      return NONE;
    }
    long whole = scale == 0 ? (long) scaled : (long) Math.rint(scaled);
    return whole / POWER[scale] == value && (whole != 0 || Double.doubleToRawLongBits(value) == 0)
        ? whole
        : NONE;
  }

  /** The least scale with a mantissa, or {@link #NO_SCALE}. */
  static int scale(double value) {
    for (int scale = 0; scale <= MAX_SCALE; scale++) {
      if (mantissa(value, scale) != NONE) {
        return scale;
      }
    }
    return NO_SCALE;
  }

  static double value(long mantissa, int scale) {
    return mantissa / POWER[scale];
  }

  /** The mantissa of a value known to have one at this scale. */
  static long known(double value, int scale) {
    return scale == 0 ? (long) value : (long) Math.rint(value * POWER[scale]);
  }
}
