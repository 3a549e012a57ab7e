// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.engine.LabelGroups;
import io.skopos.engine.StepBlock;
import io.skopos.engine.aggregation.Accumulator;
import io.skopos.engine.aggregation.Grouping;
import io.skopos.engine.aggregation.SeriesChoice;
import io.skopos.engine.histogram.HistogramNotes;
import io.skopos.logs.language.QueryRefused;
import io.skopos.logs.language.ast.RangeAggregation;
import io.skopos.logs.language.ast.VectorAggregation;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Aggregations over series. One round a range aggregation that folds the same way is not evaluated
 * at all: the range aggregation groups as it does, and its single series never come to be.
 */
final class AggregationEvaluation {

  private final Evaluator evaluator;

  AggregationEvaluation(Evaluator evaluator) {
    this.evaluator = evaluator;
  }

  StepBlock evaluate(VectorAggregation aggregation) {
    return switch (aggregation.operator()) {
      case SUM -> folded(aggregation, Accumulator.Kind.SUM);
      case MIN -> folded(aggregation, Accumulator.Kind.MIN);
      case MAX -> folded(aggregation, Accumulator.Kind.MAX);
      case AVG -> accumulated(aggregation, Accumulator.Kind.AVG);
      case COUNT -> accumulated(aggregation, Accumulator.Kind.COUNT);
      case STDDEV -> accumulated(aggregation, Accumulator.Kind.STDDEV);
      case STDVAR -> accumulated(aggregation, Accumulator.Kind.STDVAR);
      case TOPK -> chosen(aggregation, true);
      case BOTTOMK -> chosen(aggregation, false);
      case APPROX_TOPK -> approximated(aggregation);
      case SORT -> sorted(aggregation, false);
      case SORT_DESC -> sorted(aggregation, true);
    };
  }

  private StepBlock folded(VectorAggregation aggregation, Accumulator.Kind kind) {
    if (aggregation.expr() instanceof RangeAggregation range
        && range.grouping() == null
        && kind == kindOf(range)) {
      boolean narrow = kind == Accumulator.Kind.SUM;
      return evaluator.range(range, aggregation.grouping(), narrow);
    }
    return accumulated(aggregation, kind);
  }

  /** The aggregation that makes the same of all series as the range function makes of each. */
  private static Accumulator.@Nullable Kind kindOf(RangeAggregation range) {
    return switch (range.operator()) {
      case COUNT_OVER_TIME, RATE, BYTES_OVER_TIME, BYTES_RATE, SUM_OVER_TIME ->
          Accumulator.Kind.SUM;
      case MIN_OVER_TIME -> Accumulator.Kind.MIN;
      case MAX_OVER_TIME -> Accumulator.Kind.MAX;
      case RATE_COUNTER,
          AVG_OVER_TIME,
          STDVAR_OVER_TIME,
          STDDEV_OVER_TIME,
          QUANTILE_OVER_TIME,
          FIRST_OVER_TIME,
          LAST_OVER_TIME,
          ABSENT_OVER_TIME ->
          null;
    };
  }

  private StepBlock accumulated(VectorAggregation aggregation, Accumulator.Kind kind) {
    StepBlock block = evaluator.vector(aggregation.expr());
    LabelGroups groups = new LabelGroups(aggregation.grouping().selection());
    Accumulator accumulator = Accumulator.of(kind, evaluator.grid(), HistogramNotes.NONE);
    for (int series = 0; series < block.size(); series++) {
      if ((series & 0xff) == 0) {
        evaluator.context().budget().checkRunning();
      }
      accumulator.add(groups.idOf(block.labels(series)), block, series);
    }
    return evaluator.replace(accumulator.build(groups::labels), block);
  }

  private StepBlock chosen(VectorAggregation aggregation, boolean largest) {
    StepBlock block = evaluator.vector(aggregation.expr());
    double[] wanted = new double[evaluator.grid().steps()];
    Arrays.fill(wanted, aggregation.parameter());
    Grouping grouping = aggregation.grouping();
    StepBlock result = SeriesChoice.extremes(block, grouping, wanted, largest, HistogramNotes.NONE);
    return evaluator.replace(result, block);
  }

  /** All values are known here, so nothing needs to be estimated. */
  private StepBlock approximated(VectorAggregation aggregation) {
    if (evaluator.grid().steps() > 1) {
      throw new QueryRefused("approx_topk is only supported on instant queries");
    }
    return chosen(aggregation, true);
  }

  /** By value, NaN last; where there are several steps, the order of series means nothing. */
  private StepBlock sorted(VectorAggregation aggregation, boolean descending) {
    StepBlock block = evaluator.vector(aggregation.expr());
    if (evaluator.grid().steps() > 1) {
      return block;
    }
    Integer[] order = new Integer[block.size()];
    Arrays.setAll(order, i -> i);
    Comparator<Double> byValue = descending ? Comparator.reverseOrder() : Double::compare;
    Arrays.sort(
        order,
        (left, right) -> {
          double first = block.value(left, 0);
          double second = block.value(right, 0);
          return Double.isNaN(first) || Double.isNaN(second)
              ? Boolean.compare(Double.isNaN(first), Double.isNaN(second))
              : byValue.compare(first, second);
        });
    int[] rows = new int[order.length];
    Arrays.setAll(rows, i -> order[i]);
    return block.select(rows, rows.length);
  }
}
