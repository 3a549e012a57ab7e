// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

/** Arithmetic in place of a duration: {@code [5m * 2]}, {@code offset -step()}. */
public sealed interface DurationExpr {

  PositionRange position();

  /**
   * @param duration whether it was written as a duration rather than a number of seconds
   */
  record Literal(double seconds, boolean duration, PositionRange position)
      implements DurationExpr {}

  /** {@code step()}: the query's step, 0 in an instant query. */
  record Step(PositionRange position) implements DurationExpr {}

  /** {@code range()}: from the query's start to its end, 0 in an instant query. */
  record Range(PositionRange position) implements DurationExpr {}

  record Signed(boolean negative, DurationExpr operand, PositionRange position)
      implements DurationExpr {}

  /** Its position is that of what it wraps, as in Prometheus' messages. */
  record Paren(DurationExpr inner) implements DurationExpr {

    @Override
    public PositionRange position() {
      return inner.position();
    }
  }

  record Arithmetic(BinaryOperator operator, DurationExpr left, DurationExpr right)
      implements DurationExpr {

    @Override
    public PositionRange position() {
      return left.position().to(right.position());
    }
  }

  /** {@code max_of(a, b)} or {@code min_of(a, b)}. */
  record Extreme(boolean max, DurationExpr left, DurationExpr right, PositionRange position)
      implements DurationExpr {}
}
