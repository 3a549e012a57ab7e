// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.binary;

/**
 * Operators on two points. Comparisons filter, or answer 0 and 1 when asked to; the trimming ones
 * are for a histogram on the left and a number on the right only.
 */
public enum BinaryOperator {
  ADD("+", false),
  SUB("-", false),
  MUL("*", false),
  DIV("/", false),
  /** A division where nothing divided by zero is a number. */
  RATIO("/", false),
  MOD("%", false),
  POW("^", false),
  ATAN2("atan2", false),
  TRIM_UPPER("</", false),
  TRIM_LOWER(">/", false),
  EQUAL("==", true),
  NOT_EQUAL("!=", true),
  GREATER(">", true),
  LESS("<", true),
  GREATER_OR_EQUAL(">=", true),
  LESS_OR_EQUAL("<=", true);

  private final String symbol;
  private final boolean comparison;

  BinaryOperator(String symbol, boolean comparison) {
    this.symbol = symbol;
    this.comparison = comparison;
  }

  public String symbol() {
    return symbol;
  }

  public boolean isComparison() {
    return comparison;
  }

  public boolean isTrim() {
    return this == TRIM_UPPER || this == TRIM_LOWER;
  }

  /** The result of arithmetic; 1 or 0 of a comparison. */
  public double apply(double left, double right) {
    return switch (this) {
      case ADD -> left + right;
      case SUB -> left - right;
      case MUL -> left * right;
      case DIV -> left / right;
      case RATIO -> right == 0 ? Double.NaN : left / right;
      case MOD -> left % right;
      case POW -> power(left, right);
      case ATAN2 -> Math.atan2(left, right);
      case EQUAL, NOT_EQUAL, GREATER, LESS, GREATER_OR_EQUAL, LESS_OR_EQUAL ->
          holds(left, right) ? 1 : 0;
      case TRIM_UPPER, TRIM_LOWER ->
          throw new IllegalStateException(symbol + " is not for two numbers");
    };
  }

  /** Whether a comparison is true. */
  public boolean holds(double left, double right) {
    return switch (this) {
      case EQUAL -> left == right;
      case NOT_EQUAL -> left != right;
      case GREATER -> left > right;
      case LESS -> left < right;
      case GREATER_OR_EQUAL -> left >= right;
      case LESS_OR_EQUAL -> left <= right;
      case ADD, SUB, MUL, DIV, RATIO, MOD, POW, ATAN2, TRIM_UPPER, TRIM_LOWER ->
          throw new IllegalStateException(symbol + " is not a comparison");
    };
  }

  /** As C's pow: 1 to any power is 1, and so is -1 to an infinite one; Java answers NaN. */
  private static double power(double base, double exponent) {
    if (base == 1 || (base == -1 && Double.isInfinite(exponent))) {
      return 1;
    }
    return Math.pow(base, exponent);
  }
}
