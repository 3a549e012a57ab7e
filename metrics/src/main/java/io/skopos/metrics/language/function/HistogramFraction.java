// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;

/** {@code histogram_fraction} over classic buckets. */
record HistogramFraction() implements VectorFunction {

  @Override
  public StepBlock apply(VectorCall call) {
    double[] lower = call.scalar(0);
    double[] upper = call.scalar(1);
    StepBlock block = call.vector(2);
    StepBlock.Builder builder = new StepBlock.Builder(call.grid(), 16);
    for (ClassicHistograms.Histogram histogram : ClassicHistograms.of(call, 2)) {
      call.budget().checkRunning();
      int series = builder.add(histogram.labels(), true);
      for (int step = 0; step < call.grid().steps(); step++) {
        Buckets buckets = histogram.at(block, step);
        if (!buckets.isEmpty()) {
          builder.set(series, step, buckets.fraction(lower[step], upper[step]));
        }
      }
    }
    return builder.build();
  }
}
