// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;

/**
 * {@code irate} and {@code idelta}: the difference of a window's last two samples.
 *
 * @param counter {@code irate}: per second, and a falling value counts from zero
 */
record InstantRateFunction(boolean counter) implements RangeFunction {

  @Override
  public RangeKernel kernel(RangeCall call) {
    return new SeriesKernel() {
      @Override
      public void window(int step, int from, int to, StepRow out) {
        if (to - from < 2) {
          return;
        }
        double last = values[to - 1];
        double before = values[to - 2];
        double difference = counter && last < before ? last : last - before;
        out.set(
            step,
            counter ? difference / ((timesMs[to - 1] - timesMs[to - 2]) / 1000.0) : difference);
      }
    };
  }
}
