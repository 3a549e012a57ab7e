// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import io.skopos.engine.text.StringSyntax;
import java.util.Locale;

/**
 * Numbers as Go reads them: decimal, {@code 0x} hexadecimal, a leading 0 for octal where all digits
 * allow it, {@code _} between digits, {@code Inf} and {@code NaN}.
 */
final class NumberSyntax {

  private NumberSyntax() {}

  /**
   * @throws IllegalArgumentException with a text for the user
   */
  static double parse(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (word.equals("inf")) {
      return Double.POSITIVE_INFINITY;
    }
    if (word.equals("nan")) {
      return Double.NaN;
    }
    if (!underscoresSeparateDigits(word)) {
      throw problem(text, "invalid syntax");
    }
    String digits = word.replace("_", "");
    if (digits.startsWith("0x")) {
      return hexadecimal(text, digits.substring(2));
    }
    if (digits.length() > 1 && digits.startsWith("0") && digits.matches("[0-7]+")) {
      try {
        return Long.parseLong(digits, 8);
      } catch (NumberFormatException _) {
        return decimal(text, digits);
      }
    }
    return decimal(text, digits);
  }

  private static double hexadecimal(String text, String digits) {
    try {
      return Long.parseLong(digits, 16);
    } catch (NumberFormatException _) {
      throw problem(text, "invalid syntax");
    }
  }

  private static double decimal(String text, String digits) {
    double value;
    try {
      value = Double.parseDouble(digits);
    } catch (NumberFormatException _) {
      throw problem(text, "invalid syntax");
    }
    if (Double.isInfinite(value)) {
      throw problem(text, "value out of range");
    }
    return value;
  }

  private static boolean underscoresSeparateDigits(String text) {
    for (int i = text.indexOf('_'); i >= 0; i = text.indexOf('_', i + 1)) {
      boolean digitBefore = i > 0 && Character.digit(text.charAt(i - 1), 16) >= 0;
      boolean prefixBefore = i == 2 && text.startsWith("0x");
      boolean digitBehind = i + 1 < text.length() && Character.digit(text.charAt(i + 1), 16) >= 0;
      if (!(digitBefore || prefixBefore) || !digitBehind) {
        return false;
      }
    }
    return true;
  }

  private static IllegalArgumentException problem(String text, String what) {
    return new IllegalArgumentException(
        "error parsing number: strconv.ParseFloat: parsing "
            + StringSyntax.quote(text)
            + ": "
            + what);
  }
}
