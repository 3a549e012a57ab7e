// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.text;

import io.skopos.engine.text.StringSyntax;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Decimal numbers as Go's {@code strconv.ParseFloat} reads them. */
public final class GoNumber {

  private static final long INVALID_BITS = 0x7ff8_0000_bad0_bad0L;

  /** What {@link #parse} gives for a text that is no number or too large. */
  public static final double INVALID = Double.longBitsToDouble(INVALID_BITS);

  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16
  };

  private GoNumber() {}

  public static boolean isInvalid(double value) {
    return Double.doubleToRawLongBits(value) == INVALID_BITS;
  }

  public static double parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return parse(bytes, 0, bytes.length);
  }

  /** {@link #INVALID} when the text is no number. */
  public static double parse(byte[] bytes, int from, int length) {
    int end = from + length;
    int at = from;
    boolean negative = false;
    if (at < end && (bytes[at] == '-' || bytes[at] == '+')) {
      negative = bytes[at] == '-';
      at++;
    }
    long digits = 0;
    int seen = 0;
    int decimals = 0;
    boolean point = false;
    for (; at < end; at++) {
      int c = bytes[at];
      if (c >= '0' && c <= '9') {
        digits = digits * 10 + (c - '0');
        seen++;
        decimals += point ? 1 : 0;
      } else if (c == '.' && !point) {
        point = true;
      } else {
        return parseSlowly(bytes, from, length);
      }
      if (seen > 15) {
        return parseSlowly(bytes, from, length);
      }
    }
    if (seen == 0) {
      return INVALID;
    }
    // Both are exact, so the quotient is the nearest double.
    double value = digits / POWERS[decimals];
    return negative ? -value : value;
  }

  private static double parseSlowly(byte[] bytes, int from, int length) {
    if (length > 4096) {
      return INVALID;
    }
    String text = new String(bytes, from, length, StandardCharsets.UTF_8);
    String lower = text.toLowerCase(Locale.ROOT);
    String unsigned = lower.startsWith("-") || lower.startsWith("+") ? lower.substring(1) : lower;
    switch (unsigned) {
      case "inf", "infinity" -> {
        return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      }
      case "nan" -> {
        return lower.equals("nan") ? Double.NaN : INVALID;
      }
      default -> {
        if (!isWellFormed(unsigned)) {
          return INVALID;
        }
        double value = Double.parseDouble(text);
        return Double.isInfinite(value) ? INVALID : value;
      }
    }
  }

  private static boolean isWellFormed(String text) {
    boolean hex = text.startsWith("0x");
    int at = hex ? 2 : 0;
    int mantissa = 0;
    boolean point = false;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '.' && !point) {
        point = true;
      } else if (Character.digit(c, hex ? 16 : 10) >= 0 && c < 128) {
        mantissa++;
      } else {
        break;
      }
    }
    if (mantissa == 0) {
      return false;
    }
    if (at == text.length()) {
      return !hex;
    }
    if (text.charAt(at) != (hex ? 'p' : 'e')) {
      return false;
    }
    at++;
    if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      at++;
    }
    int exponentFrom = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at == text.length() && at > exponentFrom;
  }

  /** What is wrong with a text that gave {@link #INVALID}. */
  public static String problem(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String unsigned = lower.startsWith("-") || lower.startsWith("+") ? lower.substring(1) : lower;
    return "strconv.ParseFloat: parsing "
        + StringSyntax.quote(text)
        + (isWellFormed(unsigned) ? ": value out of range" : ": invalid syntax");
  }
}
