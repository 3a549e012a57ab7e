// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import static java.util.Map.entry;

import io.skopos.engine.StepBlock;
import io.skopos.engine.histogram.HistogramVariance;
import io.skopos.model.histogram.NativeHistogram;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Functions of one native histogram, applied to every one; floats have no result. */
record HistogramFunction(ToDoubleFunction<NativeHistogram> function) implements VectorFunction {

  static final Map<String, VectorFunction> ALL =
      Map.ofEntries(
          entry("histogram_count", new HistogramFunction(NativeHistogram::count)),
          entry("histogram_sum", new HistogramFunction(NativeHistogram::sum)),
          entry("histogram_avg", new HistogramFunction(h -> h.sum() / h.count())),
          entry("histogram_stdvar", new HistogramFunction(HistogramVariance::of)),
          entry(
              "histogram_stddev", new HistogramFunction(h -> Math.sqrt(HistogramVariance.of(h)))));

  @Override
  public StepBlock apply(VectorCall call) {
    StepBlock block = call.vector(0);
    StepBlock.Builder builder = new StepBlock.Builder(call.grid(), block.size());
    for (int series = 0; series < block.size(); series++) {
      builder.add(block.labels(series), true);
      for (int step = 0; block.hasHistograms() && step < block.steps(); step++) {
        NativeHistogram histogram =
            block.present(series, step) ? block.histogram(series, step) : null;
        if (histogram != null) {
          builder.set(series, step, function.applyAsDouble(histogram));
        }
      }
    }
    return builder.build();
  }
}
