// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import io.skopos.engine.text.StringSyntax;
import org.jspecify.annotations.Nullable;

/** Numbers of queries: decimal, or hexadecimal with a {@code p} exponent. */
final class Numbers {

  private Numbers() {}

  /** A number with or without a sign. */
  static double signed(Tokens tokens) throws ParseFailed {
    boolean negative = tokens.at(TokenType.SUB);
    if (negative || tokens.at(TokenType.ADD)) {
      tokens.take();
    }
    int before = tokens.problems();
    String text = tokens.expect(TokenType.NUMBER).text();
    double value = 0;
    try {
      value = parse(text);
    } catch (IllegalArgumentException e) {
      tokens.problem(before, "unable to parse literal as a float: " + e.getMessage());
    }
    return negative ? -value : value;
  }

  /**
   * @throws IllegalArgumentException with a text for the user
   */
  static double parse(String text) {
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw problem(text, "invalid syntax", e);
    }
    if (Double.isInfinite(value)) {
      throw problem(text, "value out of range", null);
    }
    return value;
  }

  private static IllegalArgumentException problem(
      String text, String what, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "strconv.ParseFloat: parsing " + StringSyntax.quote(text) + ": " + what, cause);
  }
}
