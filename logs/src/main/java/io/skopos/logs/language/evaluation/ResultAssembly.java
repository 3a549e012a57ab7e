// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.engine.QueryFailed;
import io.skopos.engine.QueryValue;
import io.skopos.engine.StepBlock;
import io.skopos.logs.language.QueryLimits;
import io.skopos.logs.language.ast.Binary;
import io.skopos.logs.language.ast.Expr;
import io.skopos.logs.language.ast.LabelReplace;
import io.skopos.logs.language.ast.Literal;
import io.skopos.logs.language.ast.LogExpr;
import io.skopos.logs.language.ast.MetricExpr;
import io.skopos.logs.language.ast.RangeAggregation;
import io.skopos.logs.language.ast.VectorAggregation;
import io.skopos.logs.language.ast.VectorLiteral;
import io.skopos.logs.language.ast.VectorOperator;
import io.skopos.model.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Turns what the evaluation left into the answer. */
public final class ResultAssembly {

  private ResultAssembly() {}

  /** At one time. Sorted by labels, unless the query sorts by value. */
  public static QueryValue instant(
      Evaluator evaluator, MetricExpr expr, QueryLimits limits, long timeMs) {
    return switch (evaluator.evaluate(expr)) {
      case Value.Scalars(double[] values) -> new QueryValue.Scalar(timeMs, values[0]);
      case Value.Vector(StepBlock block) -> {
        List<QueryValue.Sample> samples = new ArrayList<>(block.size());
        for (int series = 0; series < block.size(); series++) {
          if (block.present(series, 0)) {
            samples.add(
                new QueryValue.Sample(block.labels(series), timeMs, block.value(series, 0)));
            checkSize(samples.size(), limits);
          }
        }
        if (!sorts(expr)) {
          samples.sort(Comparator.comparing(QueryValue.Sample::labels));
        }
        yield new QueryValue.Vector(samples);
      }
    };
  }

  /** Over a range, sorted by labels. */
  public static QueryValue.Matrix range(Evaluator evaluator, MetricExpr expr, QueryLimits limits) {
    List<QueryValue.Series> series = new ArrayList<>();
    switch (evaluator.evaluate(expr)) {
      case Value.Scalars(double[] values) -> series.add(constant(evaluator, values));
      case Value.Vector(StepBlock block) -> {
        for (int i = 0; i < block.size(); i++) {
          int points = block.count(i);
          if (points > 0) {
            series.add(series(block, i, points));
            checkSize(series.size(), limits);
          }
        }
      }
    }
    series.sort(Comparator.comparing(QueryValue.Series::labels));
    return new QueryValue.Matrix(series);
  }

  private static void checkSize(int series, QueryLimits limits) {
    if (limits.maxSeries() > 0 && series > limits.maxSeries()) {
      throw new QueryFailed(
          "maximum number of series ("
              + limits.maxSeries()
              + ") reached for a single query; consider reducing query cardinality by adding more"
              + " specific stream selectors, reducing the time range, or aggregating results with"
              + " functions like sum(), count() or topk()");
    }
  }

  private static QueryValue.Series constant(Evaluator evaluator, double[] values) {
    long[] times = new long[values.length];
    Arrays.setAll(times, evaluator.grid()::timeMs);
    return new QueryValue.Series(Labels.EMPTY, times, values);
  }

  private static QueryValue.Series series(StepBlock block, int series, int points) {
    long[] times = new long[points];
    double[] values = new double[points];
    int at = 0;
    for (int step = 0; step < block.steps(); step++) {
      if (block.present(series, step)) {
        times[at] = block.grid().timeMs(step);
        values[at++] = block.value(series, step);
      }
    }
    return new QueryValue.Series(block.labels(series), times, values);
  }

  private static boolean sorts(Expr expr) {
    return switch (expr) {
      case VectorAggregation aggregation ->
          aggregation.operator() == VectorOperator.SORT
              || aggregation.operator() == VectorOperator.SORT_DESC
              || sorts(aggregation.expr());
      case Binary binary -> sorts(binary.left()) || sorts(binary.right());
      case LabelReplace replace -> sorts(replace.expr());
      case LogExpr _, RangeAggregation _, Literal _, VectorLiteral _ -> false;
    };
  }
}
