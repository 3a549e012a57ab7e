// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.engine.aggregation.Quantile;
import io.skopos.model.Labels;

/** {@code mad_over_time}: the median distance from the median; NaN as soon as one sample is. */
record MedianDeviationFunction() implements RangeFunction {

  @Override
  public RangeKernel kernel(RangeCall call) {
    return new SeriesKernel() {
      private double[] sorted = new double[64];

      @Override
      void begin(Labels labels, int size) {
        if (sorted.length < size) {
          sorted = new double[values.length];
        }
      }

      @Override
      public void window(int step, int from, int to, StepRow out) {
        int count = to - from;
        System.arraycopy(values, from, sorted, 0, count);
        double median = Quantile.of(0.5, sorted, count);
        boolean poisoned = false;
        for (int i = 0; i < count; i++) {
          double distance = Math.abs(values[from + i] - median);
          poisoned |= Double.isNaN(values[from + i]);
          sorted[i] = distance;
        }
        out.set(step, poisoned ? Double.NaN : Quantile.of(0.5, sorted, count));
      }
    };
  }
}
