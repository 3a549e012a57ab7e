// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.engine.aggregation.Quantile;
import io.skopos.model.Labels;

/** {@code quantile_over_time}; sorts a copy of every window. */
record QuantileFunction() implements RangeFunction {

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
        double quantile = call.scalar(0, step);
        String warning = Quantiles.warning(quantile);
        if (warning != null) {
          call.annotations().warn(warning, call.position(0));
        }
        System.arraycopy(values, from, sorted, 0, to - from);
        out.set(step, Quantile.of(quantile, sorted, to - from));
      }
    };
  }
}
