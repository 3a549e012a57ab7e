// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.text;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Sizes such as {@code 1.5KiB} or {@code 2,048}, read without regard to case. */
public final class ByteSizeText {

  /** What {@link #parse} gives for a text that is no size. Others are unsigned. */
  public static final double INVALID = -1;

  private static final double TOO_LARGE = 0x1p64;

  private ByteSizeText() {}

  public static double parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return parse(bytes, 0, bytes.length);
  }

  /** A whole number of bytes; {@link #INVALID} when the text is no size. */
  public static double parse(byte[] bytes, int from, int length) {
    int end = from + length;
    int at = from;
    boolean comma = false;
    while (at < end && (isDigit(bytes[at]) || bytes[at] == '.' || bytes[at] == ',')) {
      comma |= bytes[at] == ',';
      at++;
    }
    double number =
        comma
            ? GoNumber.parse(
                new String(bytes, from, at - from, StandardCharsets.US_ASCII).replace(",", ""))
            : GoNumber.parse(bytes, from, at - from);
    if (GoNumber.isInvalid(number)) {
      return INVALID;
    }
    while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
      at++;
    }
    while (end > at && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t')) {
      end--;
    }
    double unit = unit(bytes, at, end - at);
    double size = number * unit;
    return unit == 0 || size >= TOO_LARGE ? INVALID : Math.floor(size);
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private static double unit(byte[] bytes, int from, int length) {
    if (length == 0) {
      return 1;
    }
    int first = bytes[from] | 0x20;
    if (length == 1 && first == 'b') {
      return 1;
    }
    int power = "kmgtpe".indexOf(first) + 1;
    if (power == 0 || length > 3) {
      return 0;
    }
    int second = length > 1 ? bytes[from + 1] | 0x20 : 0;
    int third = length > 2 ? bytes[from + 2] | 0x20 : 0;
    if (second == 'i' && (third == 0 || third == 'b')) {
      return Math.pow(1024, power);
    }
    return length == 1 || (length == 2 && second == 'b') ? Math.pow(1000, power) : 0;
  }

  /** What is wrong with a text that gave {@link #INVALID}. */
  public static String problem(String text) {
    int at = 0;
    while (at < text.length()
        && ((text.charAt(at) < 128 && Character.isDigit(text.charAt(at)))
            || text.charAt(at) == '.'
            || text.charAt(at) == ',')) {
      at++;
    }
    String number = text.substring(0, at).replace(",", "");
    if (GoNumber.isInvalid(GoNumber.parse(number))) {
      return GoNumber.problem(number);
    }
    String unit = text.substring(at).strip().toLowerCase(Locale.ROOT);
    byte[] bytes = unit.getBytes(StandardCharsets.UTF_8);
    return unit(bytes, 0, bytes.length) == 0
        ? "unhandled size name: " + unit
        : "too large: " + text;
  }
}
