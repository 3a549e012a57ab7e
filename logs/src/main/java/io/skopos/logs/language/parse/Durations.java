// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import io.skopos.engine.text.StringSyntax;
import java.math.BigDecimal;
import java.util.Map;

/**
 * Durations of queries, in nanoseconds: as Prometheus writes them ({@code 1w2d}), or, where that
 * fails, as Go does ({@code 1.5h}, {@code -300ms}).
 */
final class Durations {

  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1000 * MILLI;
  private static final Map<String, Long> GO_UNITS =
      Map.of(
          "ns",
          1L,
          "us",
          1000L,
          "\u00b5s",
          1000L,
          "\u03bcs",
          1000L,
          "ms",
          MILLI,
          "s",
          SECOND,
          "m",
          60 * SECOND,
          "h",
          3600 * SECOND);
  private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
  private static final long[] UNIT_NANOS = {
    365 * 86_400 * SECOND,
    7 * 86_400 * SECOND,
    86_400 * SECOND,
    3600 * SECOND,
    60 * SECOND,
    SECOND,
    MILLI
  };

  private Durations() {}

  /**
   * @throws IllegalArgumentException with a text for the user
   */
  static long parse(String text) {
    try {
      return parsePrometheus(text);
    } catch (IllegalArgumentException _) {
      return parseGo(text);
    }
  }

  /**
   * @throws IllegalArgumentException with a text for the user
   */
  static long parsePrometheus(String text) {
    if (text.equals("0")) {
      return 0;
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException("empty duration string");
    }
    long sum = 0;
    int before = -1;
    int at = 0;
    while (at < text.length()) {
      int digits = skip(text, at, true);
      int end = skip(text, digits, false);
      if (digits == at || digits == end || digits - at > 18) {
        throw notValid(text);
      }
      int unit = indexOf(text.substring(digits, end));
      if (unit < 0) {
        throw new IllegalArgumentException(
            "unknown unit "
                + StringSyntax.quote(text.substring(digits, end))
                + " in duration "
                + StringSyntax.quote(text));
      }
      if (unit <= before) {
        throw notValid(text);
      }
      before = unit;
      try {
        long count = Long.parseLong(text.substring(at, digits));
        sum = Math.addExact(sum, Math.multiplyExact(count, UNIT_NANOS[unit]));
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("duration out of range", e);
      }
      at = end;
    }
    return sum;
  }

  private static int skip(String text, int from, boolean digits) {
    int at = from;
    while (at < text.length() && isDigit(text.charAt(at)) == digits) {
      at++;
    }
    return at;
  }

  private static int indexOf(String unit) {
    for (int i = 0; i < UNITS.length; i++) {
      if (UNITS[i].equals(unit)) {
        return i;
      }
    }
    return -1;
  }

  private static IllegalArgumentException notValid(String text) {
    return new IllegalArgumentException("not a valid duration string: " + StringSyntax.quote(text));
  }

  /**
   * @throws IllegalArgumentException with a text for the user
   */
  static long parseGo(String text) {
    boolean signed = text.startsWith("-") || text.startsWith("+");
    int at = signed ? 1 : 0;
    if (at == text.length()) {
      throw invalid(text);
    }
    BigDecimal sum = BigDecimal.ZERO;
    while (at < text.length()) {
      int digits = at;
      while (digits < text.length()
          && (isDigit(text.charAt(digits)) || text.charAt(digits) == '.')) {
        digits++;
      }
      int end = digits;
      while (end < text.length() && !isDigit(text.charAt(end)) && text.charAt(end) != '.') {
        end++;
      }
      Long unit = GO_UNITS.get(text.substring(digits, end));
      if (digits == at || digits - at > 40 || unit == null) {
        throw invalid(text);
      }
      try {
        BigDecimal count = new BigDecimal(text.substring(at, digits));
        sum = sum.add(count.multiply(BigDecimal.valueOf(unit)));
      } catch (NumberFormatException e) {
        throw invalid(text);
      }
      at = end;
    }
    if (sum.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw invalid(text);
    }
    long nanos = sum.longValue();
    return text.startsWith("-") ? -nanos : nanos;
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException("invalid duration " + StringSyntax.quote(text));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
