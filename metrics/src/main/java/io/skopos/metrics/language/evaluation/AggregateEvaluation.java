// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

import io.skopos.engine.LabelGroups;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepBlock;
import io.skopos.engine.aggregation.Accumulator;
import io.skopos.engine.aggregation.Grouping;
import io.skopos.engine.aggregation.QuantileAggregation;
import io.skopos.engine.aggregation.SeriesChoice;
import io.skopos.engine.aggregation.ValueCounts;
import io.skopos.engine.histogram.HistogramNotes;
import io.skopos.engine.histogram.HistogramText;
import io.skopos.engine.text.NumberText;
import io.skopos.engine.text.StringSyntax;
import io.skopos.metrics.language.ast.Aggregate;
import io.skopos.metrics.language.ast.Call;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.MatrixSelector;
import io.skopos.metrics.language.ast.StringLiteral;
import io.skopos.metrics.language.ast.VectorSelector;
import io.skopos.metrics.language.leaf.AggregationNotes;
import io.skopos.metrics.language.leaf.LeafRequest;
import io.skopos.model.Label;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** Aggregations: folded into the leaf below where that is possible, else over its block. */
final class AggregateEvaluation {

  private final Evaluator evaluator;

  AggregateEvaluation(Evaluator evaluator) {
    this.evaluator = evaluator;
  }

  Value evaluate(Aggregate aggregate) {
    Grouping grouping = new Grouping(aggregate.without(), aggregate.grouping());
    return new Value.Vector(
        switch (aggregate.operator()) {
          case SUM -> fold(aggregate, Accumulator.Kind.SUM, grouping);
          case AVG -> fold(aggregate, Accumulator.Kind.AVG, grouping);
          case COUNT -> fold(aggregate, Accumulator.Kind.COUNT, grouping);
          case MIN -> fold(aggregate, Accumulator.Kind.MIN, grouping);
          case MAX -> fold(aggregate, Accumulator.Kind.MAX, grouping);
          case GROUP -> fold(aggregate, Accumulator.Kind.GROUP, grouping);
          case STDDEV -> fold(aggregate, Accumulator.Kind.STDDEV, grouping);
          case STDVAR -> fold(aggregate, Accumulator.Kind.STDVAR, grouping);
          case TOPK, BOTTOMK, LIMITK -> choose(aggregate, grouping);
          case LIMIT_RATIO -> ratio(aggregate);
          case QUANTILE -> quantile(aggregate, grouping);
          case COUNT_VALUES -> countValues(aggregate, grouping);
        });
  }

  private StepBlock fold(Aggregate aggregate, Accumulator.Kind kind, Grouping grouping) {
    Expr inner = aggregate.expr().unwrapped();
    // Names that go at once are gone before they are grouped.
    boolean named =
        !evaluator.context().delayedNameRemoval()
            && !grouping.without()
            && grouping.names().contains(Label.METRIC_NAME);
    boolean once = evaluator.grid().steps() > 1 && StepInvariance.holds(inner);
    LeafRequest.Pushdown pushdown =
        new LeafRequest.Pushdown(kind, grouping, aggregate.expr().position().start());
    if (!once && inner instanceof VectorSelector selector) {
      return new SelectorEvaluation(evaluator).instant(selector, pushdown);
    }
    if (!once
        && !named
        && inner instanceof Call call
        && CallEvaluation.range(call) instanceof MatrixSelector matrix
        && !CallEvaluation.isSpecial(call)) {
      return new CallEvaluation(evaluator).windows(call, matrix, pushdown);
    }
    StepBlock block = evaluator.vector(inner);
    LabelGroups groups = new LabelGroups(grouping.selection());
    Accumulator accumulator =
        Accumulator.of(kind, evaluator.grid(), notes(aggregate, AggregationNotes.name(kind)));
    for (int series = 0; series < block.size(); series++) {
      if (block.count(series) > 0) {
        accumulator.add(groups.idOf(block.labels(series)), block, series);
      }
    }
    return evaluator.replace(accumulator.build(groups::labels), block);
  }

  private StepBlock choose(Aggregate aggregate, Grouping grouping) {
    double[] k = evaluator.scalars(parameter(aggregate));
    StepBlock block = evaluator.vector(aggregate.expr());
    double max = Arrays.stream(k).max().orElse(0);
    double min = Arrays.stream(k).min().orElse(0);
    if (max < 1) {
      return evaluator.replace(StepBlock.empty(evaluator.grid()), block);
    }
    if (Double.isNaN(max)) {
      throw new QueryFailed("Parameter value is NaN");
    }
    if (min <= Long.MIN_VALUE) {
      throw new QueryFailed("Scalar value " + NumberText.shortest(min) + " underflows int64");
    }
    if (max >= Long.MAX_VALUE) {
      throw new QueryFailed("Scalar value " + NumberText.shortest(max) + " overflows int64");
    }
    StepBlock chosen =
        switch (aggregate.operator()) {
          case TOPK -> SeriesChoice.extremes(block, grouping, k, true, notes(aggregate, "topk"));
          case BOTTOMK ->
              SeriesChoice.extremes(block, grouping, k, false, notes(aggregate, "bottomk"));
          case LIMITK -> SeriesChoice.first(block, grouping, k);
          case SUM,
              AVG,
              COUNT,
              MIN,
              MAX,
              GROUP,
              STDDEV,
              STDVAR,
              LIMIT_RATIO,
              QUANTILE,
              COUNT_VALUES ->
              throw new IllegalStateException(aggregate.operator() + " chooses no series");
        };
    return evaluator.replace(chosen, block);
  }

  private StepBlock ratio(Aggregate aggregate) {
    double[] ratios = evaluator.scalars(parameter(aggregate));
    StepBlock block = evaluator.vector(aggregate.expr());
    double max = Arrays.stream(ratios).max().orElse(0);
    double min = Arrays.stream(ratios).min().orElse(0);
    if (Double.isNaN(max)) {
      throw new QueryFailed("Ratio value is NaN");
    }
    if (max > 1) {
      warnOfRatio(aggregate, max, 1);
    }
    if (min < -1) {
      warnOfRatio(aggregate, min, -1);
    }
    if (max == 0 && min == 0) {
      return evaluator.replace(StepBlock.empty(evaluator.grid()), block);
    }
    return evaluator.replace(SeriesChoice.ratio(block, ratios), block);
  }

  private void warnOfRatio(Aggregate aggregate, double ratio, double cap) {
    evaluator
        .context()
        .annotations()
        .warn(
            "ratio value should be between -1 and 1, got "
                + NumberText.sixDigits(ratio)
                + ", capping to "
                + NumberText.sixDigits(cap),
            parameter(aggregate).position().start());
  }

  private StepBlock quantile(Aggregate aggregate, Grouping grouping) {
    double[] quantiles = evaluator.scalars(parameter(aggregate));
    StepBlock block = evaluator.vector(aggregate.expr());
    boolean anyNan = Arrays.stream(quantiles).anyMatch(Double::isNaN);
    double max = Arrays.stream(quantiles).filter(q -> !Double.isNaN(q)).max().orElse(0);
    double min = Arrays.stream(quantiles).filter(q -> !Double.isNaN(q)).min().orElse(0);
    if (anyNan) {
      warnOfQuantile(aggregate, Double.NaN);
    }
    if (max > 1) {
      warnOfQuantile(aggregate, max);
    }
    if (min < 0) {
      warnOfQuantile(aggregate, min);
    }
    return evaluator.replace(
        QuantileAggregation.apply(block, grouping, quantiles, notes(aggregate, "quantile")), block);
  }

  private void warnOfQuantile(Aggregate aggregate, double quantile) {
    evaluator
        .context()
        .annotations()
        .warn(
            "quantile value should be between 0 and 1, got " + NumberText.sixDigits(quantile),
            parameter(aggregate).position().start());
  }

  private StepBlock countValues(Aggregate aggregate, Grouping grouping) {
    String label = ((StringLiteral) parameter(aggregate).unwrapped()).value();
    if (label.isEmpty() || !StandardCharsets.UTF_8.newEncoder().canEncode(label)) {
      throw new QueryFailed("invalid label name " + StringSyntax.quote(label));
    }
    StepBlock block = evaluator.vector(aggregate.expr());
    return evaluator.replace(
        ValueCounts.apply(
            block,
            grouping,
            label,
            NumberText::plain,
            histogram -> HistogramText.of(histogram, NumberText::shortest),
            evaluator.context().budget()),
        block);
  }

  private HistogramNotes notes(Aggregate aggregate, String name) {
    return new AggregationNotes(
        evaluator.context().annotations(), name, aggregate.expr().position().start());
  }

  private static Expr parameter(Aggregate aggregate) {
    return Objects.requireNonNull(aggregate.parameter());
  }
}
