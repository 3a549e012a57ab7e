// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.answer;

/**
 * Numbers as ASCII, as Prometheus' JSON has them: values by the shortest digits that give the same
 * float, times in seconds. Not thread-safe.
 */
public final class NumberBytes {

  /** 2^53: every whole number up to here is a float and its digits are the shortest. */
  private static final double EXACT_INTEGERS = 9007199254740992.0;

  /**
   * Below this, floats are so few that one digit may do where {@link Double#toString} gives two.
   */
  private static final double SPARSE = 1e-321;

  /** Sign, 309 digits before the point or 17 behind 307 zeros. */
  private final byte[] bytes = new byte[400];

  /** What was written last, from index 0. */
  public byte[] bytes() {
    return bytes;
  }

  public int writeInteger(long value) {
    if (value == Long.MIN_VALUE) {
      return ascii("-9223372036854775808");
    }
    int at = 0;
    long left = value;
    if (left < 0) {
      bytes[at++] = '-';
      left = -left;
    }
    return digits(left, at);
  }

  /** {@code 1.5}'s milliseconds as {@code 1.500}, whole seconds without decimals. */
  public int writeSeconds(long timeMs) {
    int at = 0;
    long magnitude = Math.abs(timeMs);
    if (timeMs < 0) {
      bytes[at++] = '-';
    }
    at = digits(magnitude / 1000, at);
    int fraction = (int) (magnitude % 1000);
    if (fraction != 0) {
      bytes[at++] = '.';
      bytes[at++] = (byte) ('0' + fraction / 100);
      bytes[at++] = (byte) ('0' + fraction / 10 % 10);
      bytes[at++] = (byte) ('0' + fraction % 10);
    }
    return at;
  }

  /**
   * The value of a point: with an exponent below 1e-6 and from 1e21 on, as Prometheus' encoder of
   * vectors and matrices chooses.
   */
  public int writeValue(double value) {
    if (value == Math.rint(value) && Math.abs(value) < EXACT_INTEGERS) {
      return value == 0 && 1 / value < 0 ? ascii("-0") : writeInteger((long) value);
    }
    double magnitude = Math.abs(value);
    if ((magnitude < 1e-6 || magnitude >= 1e21) && Double.isFinite(value)) {
      return exponential(shortest(value));
    }
    return writePlain(value);
  }

  /** Without an exponent, however long; Prometheus writes scalars so. */
  public int writePlain(double value) {
    if (Double.isNaN(value)) {
      return ascii("NaN");
    }
    if (Double.isInfinite(value)) {
      return ascii(value > 0 ? "+Inf" : "-Inf");
    }
    return value == 0 ? ascii(1 / value < 0 ? "-0" : "0") : plain(shortest(value));
  }

  private static String shortest(double value) {
    String text = Double.toString(value);
    if (Math.abs(value) < SPARSE) {
      int exponentAt = text.indexOf('E');
      long digit = Math.round(Double.parseDouble(text.substring(0, exponentAt)));
      int exponent = Integer.parseInt(text.substring(exponentAt + 1));
      boolean carried = Math.abs(digit) == 10;
      String rounded = (carried ? digit / 10 : digit) + ".0E" + (carried ? exponent + 1 : exponent);
      if (Double.parseDouble(rounded) == value) {
        return rounded;
      }
    }
    return text;
  }

  /** From Java's {@code 1.5E-7} to Go's {@code 1.5e-07}. */
  private int exponential(String text) {
    int exponentAt = text.indexOf('E');
    String digits = text.substring(0, exponentAt);
    int exponent = Integer.parseInt(text.substring(exponentAt + 1));
    int size = Math.abs(exponent);
    return ascii(
        (digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits)
            + (exponent < 0 ? "e-" : "e+")
            + (size < 10 ? "0" : "")
            + size);
  }

  /** Moves the point of {@code d.dddE±x} or {@code ddd.ddd} to where it belongs. */
  private int plain(String text) {
    int exponentAt = text.indexOf('E');
    int end = exponentAt < 0 ? text.length() : exponentAt;
    int exponent = exponentAt < 0 ? 0 : Integer.parseInt(text.substring(exponentAt + 1));
    int from = text.charAt(0) == '-' ? 1 : 0;
    int at = 0;
    if (from == 1) {
      bytes[at++] = '-';
    }
    int point = text.indexOf('.');
    int whole = (point < 0 ? end : point) - from;
    int pointAt = whole + exponent;
    int digitCount = end - from - (point < 0 ? 0 : 1);
    while (digitCount > 1 && digit(text, from, point, digitCount - 1) == '0') {
      digitCount--;
    }
    if (pointAt <= 0) {
      bytes[at++] = '0';
      bytes[at++] = '.';
      for (int i = pointAt; i < 0; i++) {
        bytes[at++] = '0';
      }
    }
    boolean leading = true;
    for (int i = 0; i < digitCount; i++) {
      if (i == pointAt && i > 0) {
        bytes[at++] = '.';
      }
      char digit = digit(text, from, point, i);
      // "0.001" has zeros in front that the exponent form has not.
      leading &= digit == '0' && i < pointAt - 1;
      if (!leading) {
        bytes[at++] = (byte) digit;
      }
    }
    for (int i = digitCount; i < pointAt; i++) {
      bytes[at++] = '0';
    }
    return at;
  }

  private static char digit(String text, int from, int point, int index) {
    int at = from + index;
    return text.charAt(point >= 0 && at >= point ? at + 1 : at);
  }

  private int digits(long value, int start) {
    int at = start;
    long left = value;
    do {
      bytes[at++] = (byte) ('0' + left % 10);
      left /= 10;
    } while (left != 0);
    for (int i = start, j = at - 1; i < j; i++, j--) {
      byte swapped = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = swapped;
    }
    return at;
  }

  private int ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      bytes[i] = (byte) text.charAt(i);
    }
    return text.length();
  }
}
