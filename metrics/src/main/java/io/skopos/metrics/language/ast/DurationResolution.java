// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import java.util.ArrayList;
import java.util.List;

/**
 * Computes the durations written as expressions, which may depend on the query's step and range, so
 * that the evaluator sees plain milliseconds.
 */
public final class DurationResolution {

  private final double stepSeconds;
  private final double rangeSeconds;

  /**
   * @param stepMs 0 for an instant query
   * @param rangeMs from the first step asked for to the end, 0 for an instant query
   */
  public DurationResolution(long stepMs, long rangeMs) {
    this.stepSeconds = stepMs / 1000.0;
    this.rangeSeconds = rangeMs / 1000.0;
  }

  /**
   * The same tree with every {@link QueryDuration#millis} computed; expressions stay for printing.
   *
   * @throws InvalidDuration when one is out of bounds
   */
  public Expr resolve(Expr expr) {
    return switch (expr) {
      case NumberLiteral number -> number;
      case StringLiteral string -> string;
      case VectorSelector selector -> resolve(selector);
      case MatrixSelector(VectorSelector selector, QueryDuration range, PositionRange position) ->
          new MatrixSelector(resolve(selector), resolve(range, false), position);
      case Subquery subquery -> resolve(subquery);
      case Paren(Expr inner, PositionRange position) -> new Paren(resolve(inner), position);
      case Unary(boolean negative, Expr inner, PositionRange position) ->
          new Unary(negative, resolve(inner), position);
      case Binary binary ->
          new Binary(
              binary.operator(),
              resolve(binary.left()),
              resolve(binary.right()),
              binary.matching(),
              binary.returnBool());
      case Aggregate aggregate -> resolve(aggregate);
      case Call call -> resolve(call);
    };
  }

  private VectorSelector resolve(VectorSelector selector) {
    return selector.offset().expression() == null
        ? selector
        : selector.withOffset(resolve(selector.offset(), true));
  }

  private Subquery resolve(Subquery subquery) {
    return new Subquery(
        resolve(subquery.expr()),
        resolve(subquery.range(), false),
        resolve(subquery.step(), false),
        resolve(subquery.offset(), true),
        subquery.at(),
        subquery.position());
  }

  private Aggregate resolve(Aggregate aggregate) {
    Expr parameter = aggregate.parameter();
    return new Aggregate(
        aggregate.operator(),
        resolve(aggregate.expr()),
        parameter == null ? null : resolve(parameter),
        aggregate.grouping(),
        aggregate.without(),
        aggregate.position());
  }

  private Call resolve(Call call) {
    List<Expr> arguments = new ArrayList<>(call.arguments().size());
    for (Expr argument : call.arguments()) {
      arguments.add(resolve(argument));
    }
    return new Call(call.function(), arguments, call.position());
  }

  private QueryDuration resolve(QueryDuration duration, boolean mayBeNegative) {
    DurationExpr expression = duration.expression();
    if (expression == null) {
      return duration;
    }
    double seconds = seconds(expression);
    if (seconds <= 0 && !mayBeNegative) {
      throw new InvalidDuration("duration must be greater than 0", expression.position());
    }
    if (seconds < 0.001 && !mayBeNegative) {
      throw new InvalidDuration("duration must be at least 1ms", expression.position());
    }
    if (seconds > Long.MAX_VALUE || seconds < Long.MIN_VALUE || Double.isNaN(seconds)) {
      throw new InvalidDuration("duration is out of range", expression.position());
    }
    return new QueryDuration((long) (seconds * 1000), expression);
  }

  private double seconds(DurationExpr expression) {
    return switch (expression) {
      case DurationExpr.Literal literal -> literal.seconds();
      case DurationExpr.Step _ -> stepSeconds;
      case DurationExpr.Range _ -> rangeSeconds;
      case DurationExpr.Paren paren -> seconds(paren.inner());
      case DurationExpr.Signed signed ->
          signed.negative() ? -seconds(signed.operand()) : seconds(signed.operand());
      case DurationExpr.Extreme extreme -> {
        double left = seconds(extreme.left());
        double right = seconds(extreme.right());
        yield extreme.max() ? Math.max(left, right) : Math.min(left, right);
      }
      case DurationExpr.Arithmetic arithmetic -> compute(arithmetic);
    };
  }

  private double compute(DurationExpr.Arithmetic arithmetic) {
    double left = seconds(arithmetic.left());
    double right = seconds(arithmetic.right());
    return switch (arithmetic.operator()) {
      case ADD -> left + right;
      case SUBTRACT -> left - right;
      case MULTIPLY -> left * right;
      case DIVIDE -> {
        if (right == 0) {
          throw new InvalidDuration("division by zero", arithmetic.position());
        }
        yield left / right;
      }
      case MODULO -> {
        if (right == 0) {
          throw new InvalidDuration("modulo by zero", arithmetic.position());
        }
        yield left % right;
      }
      case POWER -> Math.pow(left, right);
      case OR,
          AND,
          UNLESS,
          EQUAL,
          NOT_EQUAL,
          LESS,
          LESS_OR_EQUAL,
          GREATER,
          GREATER_OR_EQUAL,
          TRIM_UPPER,
          TRIM_LOWER,
          ATAN2 ->
          throw new IllegalStateException(
              "operator " + arithmetic.operator().symbol() + " cannot stand in a duration");
    };
  }
}
