// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;

/** {@code histogram_quantile} over classic buckets. */
record HistogramQuantile() implements VectorFunction {

  @Override
  public StepBlock apply(VectorCall call) {
    double[] quantiles = call.scalar(0);
    StepBlock block = call.vector(1);
    warn(call, 0);
    ForcedMonotonicity forced = new ForcedMonotonicity(call, 1);
    StepBlock.Builder builder = new StepBlock.Builder(call.grid(), 16);
    for (ClassicHistograms.Histogram histogram : ClassicHistograms.of(call, 1)) {
      call.budget().checkRunning();
      int series = builder.add(histogram.labels(), true);
      for (int step = 0; step < call.grid().steps(); step++) {
        Buckets buckets = histogram.at(block, step);
        if (!buckets.isEmpty()) {
          builder.set(series, step, buckets.quantile(quantiles[step]));
          forced.note(histogram.labels(), buckets, step);
        }
      }
    }
    forced.annotate();
    return builder.build();
  }

  /** Warns of every value of a scalar argument that is no quantile. */
  static void warn(VectorCall call, int argument) {
    double before = 0.5;
    for (double quantile : call.scalar(argument)) {
      if (Double.compare(quantile, before) != 0) {
        String warning = Quantiles.warning(quantile);
        if (warning != null) {
          call.annotations().warn(warning, call.position(argument));
        }
        before = quantile;
      }
    }
  }
}
