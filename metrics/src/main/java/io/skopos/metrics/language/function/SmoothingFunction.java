// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepRow;
import java.util.Locale;

/** {@code double_exponential_smoothing}: Holt's linear method over a window. */
record SmoothingFunction() implements RangeFunction {

  @Override
  public RangeKernel kernel(RangeCall call) {
    return new SeriesKernel() {
      @Override
      public void window(int step, int from, int to, StepRow out) {
        double smoothing = factor("smoothing", "sf", call.scalar(1, step));
        double trending = factor("trend", "tf", call.scalar(2, step));
        if (to - from >= 2) {
          out.set(step, smooth(smoothing, trending, from, to));
        }
      }

      private double smooth(double smoothing, double trending, int from, int to) {
        double before = 0;
        double level = values[from];
        double trend = values[from + 1] - values[from];
        for (int i = from + 1; i < to; i++) {
          if (i > from + 1) {
            trend = trending * (level - before) + (1 - trending) * trend;
          }
          double next = smoothing * values[i] + (1 - smoothing) * (level + trend);
          before = level;
          level = next;
        }
        return level;
      }
    };
  }

  private static double factor(String name, String symbol, double value) {
    if (value <= 0 || value >= 1) {
      throw new QueryFailed(
          String.format(
              Locale.ROOT,
              "invalid %s factor. Expected: 0 < %s < 1, got: %f",
              name,
              symbol,
              value));
    }
    return value;
  }
}
