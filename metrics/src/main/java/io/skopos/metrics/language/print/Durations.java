// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.print;

import io.skopos.engine.text.NumberText;
import io.skopos.metrics.language.ast.BinaryOperator;
import io.skopos.metrics.language.ast.DurationExpr;
import io.skopos.metrics.language.ast.DurationSyntax;
import io.skopos.metrics.language.ast.QueryDuration;

/** Ranges, steps and offsets as text. */
final class Durations {

  private Durations() {}

  static String text(QueryDuration duration) {
    DurationExpr expression = duration.expression();
    return expression == null ? DurationSyntax.format(duration.millis()) : text(expression);
  }

  /** With the keyword in front, or nothing. */
  static String offset(QueryDuration offset) {
    if (offset.isAbsent()) {
      return "";
    }
    // Without parentheses only the first operand would be the offset.
    boolean bare = offset.expression() instanceof DurationExpr.Arithmetic;
    return bare ? " offset (" + text(offset) + ")" : " offset " + text(offset);
  }

  private static String text(DurationExpr expression) {
    return switch (expression) {
      case DurationExpr.Literal literal -> text(literal);
      case DurationExpr.Step _ -> "step()";
      case DurationExpr.Range _ -> "range()";
      case DurationExpr.Paren paren -> "(" + text(paren.inner()) + ")";
      case DurationExpr.Signed signed -> (signed.negative() ? "-" : "") + text(signed.operand());
      case DurationExpr.Extreme extreme ->
          (extreme.max() ? "max_of(" : "min_of(")
              + text(extreme.left())
              + ", "
              + text(extreme.right())
              + ")";
      case DurationExpr.Arithmetic arithmetic -> text(arithmetic);
    };
  }

  private static String text(DurationExpr.Literal literal) {
    return literal.duration()
        ? DurationSyntax.format(Math.round(literal.seconds() * 1000))
        : NumberText.plain(literal.seconds());
  }

  private static String text(DurationExpr.Arithmetic arithmetic) {
    String left = text(arithmetic.left());
    boolean negativeBase =
        arithmetic.operator() == BinaryOperator.POWER
            && arithmetic.left() instanceof DurationExpr.Literal literal
            && literal.seconds() < 0;
    return (negativeBase ? "(" + left + ")" : left)
        + " "
        + arithmetic.operator().symbol()
        + " "
        + text(arithmetic.right());
  }
}
