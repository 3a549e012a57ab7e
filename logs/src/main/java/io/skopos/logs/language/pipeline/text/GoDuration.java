// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.text;

import io.skopos.engine.text.StringSyntax;
import java.nio.charset.StandardCharsets;

/** Durations as Go's {@code time.ParseDuration} reads them: {@code 1h30m}, {@code -1.5s}. */
public final class GoDuration {

  /** What {@link #parse} gives for a text that is no duration. */
  public static final long INVALID = Long.MIN_VALUE;

  private GoDuration() {}

  public static long parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return parse(bytes, 0, bytes.length);
  }

  /** In nanoseconds; {@link #INVALID} when the text is no duration. */
  public static long parse(byte[] bytes, int from, int length) {
    int end = from + length;
    int at = from;
    boolean negative = false;
    if (at < end && (bytes[at] == '-' || bytes[at] == '+')) {
      negative = bytes[at] == '-';
      at++;
    }
    if (end - at == 1 && bytes[at] == '0') {
      return 0;
    }
    if (at == end) {
      return INVALID;
    }
    long sum = 0;
    while (at < end) {
      long whole = 0;
      int digits = 0;
      for (; at < end && isDigit(bytes[at]); at++, digits++) {
        if (whole > Long.MAX_VALUE / 10 - 1) {
          return INVALID;
        }
        whole = whole * 10 + (bytes[at] - '0');
      }
      long fraction = 0;
      double scale = 1;
      if (at < end && bytes[at] == '.') {
        at++;
        for (; at < end && isDigit(bytes[at]); at++, digits++) {
          if (fraction < Long.MAX_VALUE / 10 - 1) {
            fraction = fraction * 10 + (bytes[at] - '0');
            scale *= 10;
          }
        }
      }
      if (digits == 0) {
        return INVALID;
      }
      int unitFrom = at;
      while (at < end && bytes[at] != '.' && !isDigit(bytes[at])) {
        at++;
      }
      long unit = unit(bytes, unitFrom, at - unitFrom);
      if (unit == 0 || whole > Long.MAX_VALUE / unit) {
        return INVALID;
      }
      long part = whole * unit + (long) (fraction * (unit / scale));
      sum += part;
      if (part < 0 || sum < 0) {
        return INVALID;
      }
    }
    return negative ? -sum : sum;
  }

  /** As Go converts them: whole seconds apart from the rest. */
  public static double seconds(long nanos) {
    long whole = nanos / 1_000_000_000L;
    return whole + (nanos % 1_000_000_000L) / 1e9;
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private static long unit(byte[] bytes, int from, int length) {
    if (length == 1) {
      return switch (bytes[from]) {
        case 's' -> 1_000_000_000L;
        case 'm' -> 60_000_000_000L;
        case 'h' -> 3_600_000_000_000L;
        default -> 0;
      };
    }
    if (length == 2 && bytes[from + 1] == 's') {
      return switch (bytes[from]) {
        case 'n' -> 1;
        case 'u' -> 1_000;
        case 'm' -> 1_000_000;
        default -> 0;
      };
    }
    boolean micro =
        length == 3
            && bytes[from + 2] == 's'
            && ((bytes[from] == (byte) 0xc2 && bytes[from + 1] == (byte) 0xb5)
                || (bytes[from] == (byte) 0xce && bytes[from + 1] == (byte) 0xbc));
    return micro ? 1_000 : 0;
  }

  /** What is wrong with a text that gave {@link #INVALID}. */
  public static String problem(String text) {
    String invalid = "time: invalid duration " + StringSyntax.quote(text);
    int at = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    if (at == text.length()) {
      return invalid;
    }
    while (at < text.length()) {
      int from = at;
      int digits = 0;
      while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
        if (text.charAt(at) == '.' && text.indexOf('.', from) < at) {
          break;
        }
        digits += text.charAt(at) == '.' ? 0 : 1;
        at++;
      }
      if (digits == 0) {
        return invalid;
      }
      int unitFrom = at;
      while (at < text.length() && text.charAt(at) != '.' && !isDigit(text.charAt(at))) {
        at++;
      }
      if (at == unitFrom) {
        return "time: missing unit in duration " + StringSyntax.quote(text);
      }
      String unit = text.substring(unitFrom, at);
      byte[] bytes = unit.getBytes(StandardCharsets.UTF_8);
      if (unit(bytes, 0, bytes.length) == 0) {
        return "time: unknown unit "
            + StringSyntax.quote(unit)
            + " in duration "
            + StringSyntax.quote(text);
      }
    }
    return invalid;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
