// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

/**
 * Doubles that are short decimals: integer / 10^exponent. Both are exact doubles up to 2^53 and
 * 10^22, so that the quotient, being correctly rounded, is the very double that parsing the decimal
 * gives; whether it is, is checked bit by bit.
 */
final class Decimals {

  static final int MAX_EXPONENT = 18;

  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18
  };
  private static final double EXACT = 0x1p53;

  private Decimals() {}

  /** Whether {@link #integer} of this value and exponent gives the value back. */
  static boolean fits(double value, int exponent) {
    return Double.doubleToRawLongBits(value(integer(value, exponent), exponent))
            == Double.doubleToRawLongBits(value)
        && (exponent == 0 || Math.abs(value * POWERS[exponent]) <= EXACT);
  }

  static long integer(double value, int exponent) {
    return exponent == 0 ? (long) value : (long) Math.rint(value * POWERS[exponent]);
  }

  static double value(long integer, int exponent) {
    return exponent == 0 ? (double) integer : integer / POWERS[exponent];
  }

  /** The least exponent, from {@code least} on, that fits; -1 when none does. */
  static int exponent(double value, int least) {
    for (int exponent = least; exponent <= MAX_EXPONENT; exponent++) {
      if (fits(value, exponent)) {
        return exponent;
      }
      if (!(Math.abs(value) * POWERS[exponent] <= EXACT)) {
        return -1;
      }
    }
    return -1;
  }

  /** Turns integers into values. */
  static void values(long[] integers, int from, int to, int exponent, double[] into, int at) {
    if (exponent == 0) {
      for (int i = from; i < to; i++) {
        into[at + i - from] = (double) integers[i];
      }
      return;
    }
    double power = POWERS[exponent];
    for (int i = from; i < to; i++) {
      into[at + i - from] = integers[i] / power;
    }
  }
}
