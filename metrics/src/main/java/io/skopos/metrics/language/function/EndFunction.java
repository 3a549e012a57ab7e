// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.model.histogram.NativeHistogram;

/** {@code first_over_time} and {@code last_over_time}. */
record EndFunction(boolean last) implements RangeFunction {

  @Override
  public RangeKernel kernel(RangeCall call) {
    return new SeriesKernel() {
      @Override
      public void window(int step, int from, int to, StepRow out) {
        int index = last ? to - 1 : from;
        NativeHistogram histogram = histogramAt(index);
        if (histogram == null) {
          out.set(step, values[index]);
        } else {
          out.set(step, histogram);
        }
      }
    };
  }

  @Override
  public AggregatedKernel aggregatedKernel(RangeCall call) {
    return (step, samples, from, to, out) ->
        out.set(step, last ? samples.lasts[to - 1] : samples.firsts[from]);
  }

  @Override
  public Histograms histograms() {
    return Histograms.AMONG_FLOATS;
  }

  @Override
  public boolean keepsName() {
    return true;
  }
}
