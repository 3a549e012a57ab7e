// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

/** How a line filter looks at a line. */
public enum LineMatch {
  CONTAINS("|=", false),
  CONTAINS_NOT("!=", true),
  REGEX("|~", false),
  REGEX_NOT("!~", true),
  PATTERN("|>", false),
  PATTERN_NOT("!>", true);

  private final String symbol;
  private final boolean negative;

  LineMatch(String symbol, boolean negative) {
    this.symbol = symbol;
    this.negative = negative;
  }

  public String symbol() {
    return symbol;
  }

  /** Whether lines that fit are dropped. */
  public boolean isNegative() {
    return negative;
  }
}
