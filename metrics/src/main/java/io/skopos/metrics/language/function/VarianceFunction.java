// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;

/**
 * {@code stdvar_over_time} and {@code stddev_over_time}, over the whole population, by Welford's
 * method with compensated sums. Every window is gone through, as in Prometheus.
 */
record VarianceFunction(boolean deviation) implements RangeFunction {

  @Override
  public RangeKernel kernel(RangeCall call) {
    return new SeriesKernel() {
      private final CompensatedSum mean = new CompensatedSum();
      private final CompensatedSum squares = new CompensatedSum();

      @Override
      public void window(int step, int from, int to, StepRow out) {
        mean.reset();
        squares.reset();
        for (int i = from; i < to; i++) {
          double delta = values[i] - (mean.sum() + mean.compensation());
          mean.add(delta / (i - from + 1));
          squares.add(delta * (values[i] - (mean.sum() + mean.compensation())));
        }
        double variance = (squares.sum() + squares.compensation()) / (to - from);
        out.set(step, deviation ? Math.sqrt(variance) : variance);
      }
    };
  }
}
