// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Reads floats from bytes as Go's {@code strconv.ParseFloat} does in the forms Prometheus lets
 * through: decimal digits with optional point and exponent, {@code inf}, {@code infinity}, {@code
 * nan} in any case; no hexadecimal, no underscores, nothing out of range. Correctly rounded.
 *
 * <p>Method: exact arithmetic for short numbers (Clinger 1990), 128-bit powers of five for up to 19
 * digits (Lemire, "Number parsing at a gigabyte per second", 2021), and the JDK for the rest.
 */
public final class DecimalNumber {

  /** The result for bytes that are no float; a NaN that no body can spell. */
  static final long INVALID_BITS = 0x7ff8_dead_dead_deadL;

  private static final double INVALID = Double.longBitsToDouble(INVALID_BITS);

  /** Prometheus' ordinary NaN; its payload tells it from the stale marker. */
  private static final double NAN = Double.longBitsToDouble(0x7ff8000000000001L);

  private static final int MIN_POWER = -342;
  private static final int MAX_POWER = 308;
  private static final long[] POWER_HIGH = new long[MAX_POWER - MIN_POWER + 1];
  private static final long[] POWER_LOW = new long[MAX_POWER - MIN_POWER + 1];
  private static final double[] EXACT_TENS = new double[23];

  static {
    for (int power = MIN_POWER; power <= MAX_POWER; power++) {
      BigInteger bits = leadingBitsOfFive(power);
      POWER_HIGH[power - MIN_POWER] = bits.shiftRight(64).longValue();
      POWER_LOW[power - MIN_POWER] = bits.longValue();
    }
    double ten = 1;
    for (int i = 0; i < EXACT_TENS.length; i++, ten *= 10) {
      EXACT_TENS[i] = ten;
    }
  }

  private DecimalNumber() {}

  public static boolean isInvalid(double parsed) {
    return Double.doubleToRawLongBits(parsed) == INVALID_BITS;
  }

  /** For numbers in label values: NaN for what is no number, and for NaN. */
  static double parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return parse(bytes, 0, bytes.length);
  }

  public static double parse(byte[] body, int from, int to) {
    int at = from;
    boolean negative = false;
    if (at < to && (body[at] == '-' || body[at] == '+')) {
      negative = body[at] == '-';
      at++;
    }
    long mantissa = 0;
    int significant = 0;
    int exponent = 0;
    boolean anyDigit = false;
    boolean cut = false;
    for (; at < to && isDigit(body[at]); at++) {
      anyDigit = true;
      if (significant < 19) {
        mantissa = mantissa * 10 + (body[at] - '0');
        significant += mantissa == 0 ? 0 : 1;
      } else {
        cut = true;
        exponent++;
      }
    }
    if (at < to && body[at] == '.') {
      for (at++; at < to && isDigit(body[at]); at++) {
        anyDigit = true;
        if (significant < 19) {
          mantissa = mantissa * 10 + (body[at] - '0');
          significant += mantissa == 0 ? 0 : 1;
          exponent--;
        } else {
          cut = true;
        }
      }
    }
    if (!anyDigit) {
      return special(body, from, to);
    }
    if (at < to && (body[at] | 0x20) == 'e') {
      at++;
      boolean below = false;
      if (at < to && (body[at] == '-' || body[at] == '+')) {
        below = body[at] == '-';
        at++;
      }
      int digits = at;
      int written = 0;
      for (; at < to && isDigit(body[at]); at++) {
        written = Math.min(written * 10 + (body[at] - '0'), 100_000_000);
      }
      if (at == digits) {
        return INVALID;
      }
      exponent += below ? -written : written;
    }
    if (at != to) {
      return INVALID;
    }
    double magnitude = cut ? Double.NaN : combine(mantissa, exponent);
    if (Double.isNaN(magnitude)) {
      magnitude =
          Math.abs(
              Double.parseDouble(new String(body, from, to - from, StandardCharsets.US_ASCII)));
    }
    if (magnitude == Double.POSITIVE_INFINITY) {
      return INVALID;
    }
    return negative ? -magnitude : magnitude;
  }

  /** {@code mantissa × 10^exponent}, or NaN when only the slow way can round it. */
  private static double combine(long mantissa, int exponent) {
    if (mantissa == 0) {
      return 0;
    }
    if (mantissa >= 0 && mantissa <= 1L << 53 && exponent >= -22 && exponent <= 22) {
      return exponent < 0 ? mantissa / EXACT_TENS[-exponent] : mantissa * EXACT_TENS[exponent];
    }
    if (exponent < MIN_POWER) {
      return 0;
    }
    if (exponent > MAX_POWER) {
      return Double.POSITIVE_INFINITY;
    }
    int shift = Long.numberOfLeadingZeros(mantissa);
    long normal = mantissa << shift;
    long high = Math.unsignedMultiplyHigh(normal, POWER_HIGH[exponent - MIN_POWER]);
    long low = normal * POWER_HIGH[exponent - MIN_POWER];
    // The cut-off bits of the power could still carry into the 54 bits that count.
    if ((high & 0x1ff) == 0x1ff && Long.compareUnsigned(low + normal, normal) < 0) {
      long nextHigh = Math.unsignedMultiplyHigh(normal, POWER_LOW[exponent - MIN_POWER]);
      long nextLow = normal * POWER_LOW[exponent - MIN_POWER];
      low += nextHigh;
      if (Long.compareUnsigned(low, nextHigh) < 0) {
        high++;
      }
      if ((high & 0x1ff) == 0x1ff
          && low == -1L
          && Long.compareUnsigned(nextLow + normal, normal) < 0) {
        return Double.NaN;
      }
    }
    int upper = (int) (high >>> 63);
    long bits = high >>> (upper + 9);
    if (low == 0 && (high & 0x1ff) == 0 && (bits & 3) == 1) {
      return Double.NaN; // exactly between two floats
    }
    // floor(log2(10^exponent)) by a fixed-point multiplication, exact for these exponents.
    int binary = ((217_706 * exponent) >> 16) + 63 + upper - shift + 1023;
    bits = (bits + (bits & 1)) >>> 1;
    if (bits >= 1L << 53) {
      bits >>>= 1;
      binary++;
    }
    if (binary <= 0 || binary >= 0x7ff) {
      return Double.NaN; // subnormal or too large
    }
    return Double.longBitsToDouble((bits & ~(1L << 52)) | ((long) binary << 52));
  }

  /** The first 128 bits of 5^power, rounded down. */
  private static BigInteger leadingBitsOfFive(int power) {
    BigInteger five = BigInteger.valueOf(5).pow(Math.abs(power));
    int length = five.bitLength();
    if (power >= 0) {
      return length > 128 ? five.shiftRight(length - 128) : five.shiftLeft(128 - length);
    }
    BigInteger quotient = BigInteger.ONE.shiftLeft(length + 128).divide(five);
    return quotient.shiftRight(quotient.bitLength() - 128);
  }

  private static double special(byte[] body, int from, int to) {
    if (equalsIgnoringCase(body, from, to, "nan")) {
      return NAN;
    }
    int at = from;
    boolean negative = false;
    if (at < to && (body[at] == '-' || body[at] == '+')) {
      negative = body[at] == '-';
      at++;
    }
    if (equalsIgnoringCase(body, at, to, "inf") || equalsIgnoringCase(body, at, to, "infinity")) {
      return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    return INVALID;
  }

  private static boolean equalsIgnoringCase(byte[] body, int from, int to, String lower) {
    if (to - from != lower.length()) {
      return false;
    }
    for (int i = 0; i < lower.length(); i++) {
      if ((body[from + i] | 0x20) != lower.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
