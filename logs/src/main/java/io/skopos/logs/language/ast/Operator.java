// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

import io.skopos.engine.binary.BinaryOperator;
import io.skopos.engine.binary.SetOperator;
import org.jspecify.annotations.Nullable;

/** The operators between two metric expressions, by how close they bind. */
public enum Operator {
  OR("or", 1),
  AND("and", 2),
  UNLESS("unless", 2),
  EQUAL("==", 3),
  NOT_EQUAL("!=", 3),
  LESS("<", 3),
  LESS_OR_EQUAL("<=", 3),
  GREATER(">", 3),
  GREATER_OR_EQUAL(">=", 3),
  ADD("+", 4),
  SUBTRACT("-", 4),
  MULTIPLY("*", 5),
  DIVIDE("/", 5),
  MODULO("%", 5),
  POWER("^", 6);

  private final String symbol;
  private final int precedence;

  Operator(String symbol, int precedence) {
    this.symbol = symbol;
    this.precedence = precedence;
  }

  public String symbol() {
    return symbol;
  }

  /** Larger binds closer. */
  public int precedence() {
    return precedence;
  }

  public boolean isRightAssociative() {
    return this == POWER;
  }

  public boolean isSet() {
    return set() != null;
  }

  /** What it does with presence; null when it works on values. */
  public @Nullable SetOperator set() {
    return switch (this) {
      case OR -> SetOperator.OR;
      case AND -> SetOperator.AND;
      case UNLESS -> SetOperator.UNLESS;
      case EQUAL,
          NOT_EQUAL,
          LESS,
          LESS_OR_EQUAL,
          GREATER,
          GREATER_OR_EQUAL,
          ADD,
          SUBTRACT,
          MULTIPLY,
          DIVIDE,
          MODULO,
          POWER ->
          null;
    };
  }

  /** What it does with two values; null when it works on presence. */
  public @Nullable BinaryOperator arithmetic() {
    return switch (this) {
      case OR, AND, UNLESS -> null;
      case EQUAL -> BinaryOperator.EQUAL;
      case NOT_EQUAL -> BinaryOperator.NOT_EQUAL;
      case LESS -> BinaryOperator.LESS;
      case LESS_OR_EQUAL -> BinaryOperator.LESS_OR_EQUAL;
      case GREATER -> BinaryOperator.GREATER;
      case GREATER_OR_EQUAL -> BinaryOperator.GREATER_OR_EQUAL;
      case ADD -> BinaryOperator.ADD;
      case SUBTRACT -> BinaryOperator.SUB;
      case MULTIPLY -> BinaryOperator.MUL;
      case DIVIDE -> BinaryOperator.RATIO;
      case MODULO -> BinaryOperator.MOD;
      case POWER -> BinaryOperator.POW;
    };
  }
}
