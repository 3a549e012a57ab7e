// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

import io.skopos.metrics.language.ast.Aggregate;
import io.skopos.metrics.language.ast.Binary;
import io.skopos.metrics.language.ast.Call;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.MatrixSelector;
import io.skopos.metrics.language.ast.NumberLiteral;
import io.skopos.metrics.language.ast.Paren;
import io.skopos.metrics.language.ast.StringLiteral;
import io.skopos.metrics.language.ast.Subquery;
import io.skopos.metrics.language.ast.Unary;
import io.skopos.metrics.language.ast.VectorSelector;
import java.util.Set;

/** Which expressions are worth the same at every step. */
public final class StepInvariance {

  /** Functions whose results depend on the time of evaluation, whatever their arguments. */
  public static final Set<String> TIME_DEPENDENT =
      Set.of(
          "days_in_month",
          "day_of_month",
          "day_of_week",
          "day_of_year",
          "hour",
          "minute",
          "month",
          "year",
          "predict_linear",
          "time",
          "timestamp");

  private StepInvariance() {}

  static boolean holds(Expr expr) {
    return switch (expr) {
      case NumberLiteral _, StringLiteral _ -> true;
      case VectorSelector selector -> selector.at() != null;
      case MatrixSelector matrix -> holds(matrix.selector());
      case Subquery subquery -> subquery.at() != null;
      case Paren paren -> holds(paren.expr());
      case Unary unary -> holds(unary.expr());
      case Binary binary -> holds(binary.left()) && holds(binary.right());
      case Aggregate aggregate ->
          holds(aggregate.expr())
              && (aggregate.parameter() == null || holds(aggregate.parameter()));
      case Call call ->
          !TIME_DEPENDENT.contains(call.function().name())
              && !(call.function().name().equals("info")
                  && InfoReference.of(call.arguments().getFirst()).at() == null)
              && call.arguments().stream().allMatch(StepInvariance::holds);
    };
  }
}
