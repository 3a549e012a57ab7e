// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

import io.skopos.engine.QueryAborted;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.QueryValue;
import io.skopos.engine.StepBlock;
import io.skopos.engine.StepGrid;
import io.skopos.engine.StepRow;
import io.skopos.metrics.language.ast.Subquery;
import io.skopos.metrics.language.function.FunctionLibrary;
import io.skopos.metrics.language.function.RangeFunction;
import io.skopos.metrics.language.function.WindowEdge;
import io.skopos.metrics.language.leaf.LeafRequest;
import io.skopos.metrics.language.leaf.LocalLeafExecutor;
import io.skopos.metrics.language.leaf.Reading;
import io.skopos.metrics.language.leaf.SampleCount;
import io.skopos.metrics.language.leaf.WindowReading;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evaluates the inside of a subquery on a grid of its own and gives it to a range function. */
final class SubqueryEvaluation {

  private static final long DEFAULT_STEP_MS = 60_000;

  private final Evaluator evaluator;
  private final QueryContext context;

  SubqueryEvaluation(Evaluator evaluator) {
    this.evaluator = evaluator;
    this.context = evaluator.context();
  }

  StepBlock windows(
      Subquery subquery, String function, List<double[]> scalars, List<Integer> positions) {
    RangeFunction known = FunctionLibrary.range(function);
    if (known != null && known.reachesBack()) {
      throw new QueryFailed(
          function
              + " is of a selector, not of a subquery: only stored samples tell when their counting"
              + " began");
    }
    StepBlock inner = inner(subquery);
    Reading.Windowed reading = new Reading.Windowed(function, WindowEdge.PLAIN, scalars, positions);
    LeafRequest request =
        new LeafRequest(
            context.tenant(),
            List.of(),
            evaluator.grid(),
            reading,
            subquery.offset().millis(),
            at(subquery),
            subquery.range().millis(),
            context.lookbackMs(),
            false,
            null);
    WindowReading windows =
        WindowReading.of(request, reading, context.annotations(), evaluator.count());
    StepBlock.Builder builder = StepBlock.Builder.growing(evaluator.grid(), inner.size());
    long points = 0;
    long absent = 0;
    StepRow row = new StepRow(evaluator.grid().steps());
    SampleBuffer samples = new SampleBuffer();
    for (int series = 0; series < inner.size(); series++) {
      context.budget().checkRunning();
      fill(samples, inner, series);
      row.clear();
      windows.readPrepared(inner.labels(series), samples, row);
      if (row.count() > 0) {
        boolean dropsName = windows.dropsName() || inner.nameDropped(series);
        points += row.weight();
        absent += evaluator.grid().steps() - row.count();
        context.budget().holdSamples(row.weight());
        context.budget().holdAbsent(evaluator.grid().steps() - row.count());
        builder.add(inner.labels(series), dropsName, row);
      }
    }
    // It takes the place of the inner block, which is counted as a whole.
    context.budget().releaseSamples(points);
    context.budget().holdAbsent(-absent);
    return evaluator.replace(builder.build(), inner);
  }

  List<QueryValue.Series> samples(Subquery subquery) {
    StepBlock inner = inner(subquery);
    List<QueryValue.Series> result = new ArrayList<>();
    SampleBuffer samples = new SampleBuffer();
    for (int series = 0; series < inner.size(); series++) {
      fill(samples, inner, series);
      if (samples.size > 0) {
        result.add(
            LocalLeafExecutor.series(
                inner.nameDropped(series)
                    ? ResultAssembly.withoutName(inner.labels(series))
                    : inner.labels(series),
                samples));
      }
    }
    return result;
  }

  private StepBlock inner(Subquery subquery) {
    StepGrid grid = evaluator.grid();
    Long at = at(subquery);
    long offset = subquery.offset().millis();
    long first = (at == null ? grid.startMs() : at) - offset;
    long last = (at == null ? grid.lastMs() : at) - offset;
    long step = subquery.step().isAbsent() ? DEFAULT_STEP_MS : subquery.step().millis();
    long before = first - subquery.range().millis();
    long start = Math.floorDiv(before, step) * step + step;
    if (last < start) {
      return StepBlock.empty(StepGrid.instant(start));
    }
    if ((last - start) / step >= StepBlock.MAX_CELLS) {
      throw new QueryAborted(
          QueryAborted.Reason.TOO_MANY_SAMPLES,
          "a subquery of "
              + ((last - start) / step + 1)
              + " steps is longer than the limit of "
              + StepBlock.MAX_CELLS
              + "; give it a longer step or a shorter range");
    }
    return evaluator
        .on(new StepGrid(start, last, step), SampleCount.ofTotal())
        .vector(subquery.expr());
  }

  private @Nullable Long at(Subquery subquery) {
    return new SelectorEvaluation(evaluator).at(subquery.at());
  }

  private static void fill(SampleBuffer samples, StepBlock block, int series) {
    samples.clear();
    for (int step = 0; step < block.steps(); step++) {
      if (block.present(series, step)) {
        NativeHistogram histogram = block.histogram(series, step);
        // What a histogram tells is about the sample before it, which need not be a step's.
        samples.add(
            block.grid().timeMs(step),
            block.value(series, step),
            histogram == null || histogram.isGauge()
                ? histogram
                : histogram.withResetHint(ResetHint.UNKNOWN),
            0);
      }
    }
  }
}
