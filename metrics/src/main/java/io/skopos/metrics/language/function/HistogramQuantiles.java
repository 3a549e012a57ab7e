// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;
import io.skopos.metrics.language.NumberText;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code histogram_quantiles}: several quantiles at once, each in a series of its own. */
record HistogramQuantiles() implements VectorFunction {

  @Override
  public StepBlock apply(VectorCall call) {
    StepBlock block = call.vector(0);
    String label = call.text(1);
    for (int argument = 2; argument < call.arguments(); argument++) {
      HistogramQuantile.warn(call, argument);
    }
    List<ClassicHistograms.Histogram> histograms = ClassicHistograms.of(call, 0);
    ForcedMonotonicity forced = new ForcedMonotonicity(call, 1);
    StepBlock.Builder builder = new StepBlock.Builder(call.grid(), 16);
    Map<Labels, Integer> rows = new HashMap<>();
    for (int argument = 2; argument < call.arguments(); argument++) {
      double[] quantiles = call.scalar(argument);
      for (ClassicHistograms.Histogram histogram : histograms) {
        call.budget().checkRunning();
        for (int step = 0; step < call.grid().steps(); step++) {
          Buckets buckets = histogram.at(block, step);
          if (buckets.isEmpty()) {
            continue;
          }
          // A quantile may change from step to step, and its label with it.
          Labels labels =
              new LabelsBuilder(histogram.labels())
                  .set(label, openMetrics(quantiles[step]))
                  .build();
          int series = rows.computeIfAbsent(labels, key -> builder.add(key, true));
          builder.set(series, step, buckets.quantile(quantiles[step]));
          forced.note(histogram.labels(), buckets, step);
        }
      }
    }
    forced.annotate();
    return builder.build();
  }

  /** Whole numbers with a fraction of zero, as OpenMetrics writes {@code quantile} labels. */
  private static String openMetrics(double value) {
    String text = NumberText.shortest(value);
    boolean whole = text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
    return whole ? text + ".0" : text;
  }
}
