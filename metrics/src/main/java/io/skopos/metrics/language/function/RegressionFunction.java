// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;

/**
 * {@code deriv} and {@code predict_linear}: the straight line of least squares through a window.
 *
 * @param predict the line's value some seconds after the step, else its slope per second
 */
record RegressionFunction(boolean predict) implements RangeFunction {

  @Override
  public RangeKernel kernel(RangeCall call) {
    return new Kernel(predict, call);
  }

  private static final class Kernel extends SeriesKernel {

    private final boolean predict;
    private final RangeCall call;
    private final CompensatedSum sumX = new CompensatedSum();
    private final CompensatedSum sumY = new CompensatedSum();
    private final CompensatedSum sumXy = new CompensatedSum();
    private final CompensatedSum sumXx = new CompensatedSum();
    private double slope;
    private double intercept;

    Kernel(boolean predict, RangeCall call) {
      this.predict = predict;
      this.call = call;
    }

    @Override
    public void window(int step, int from, int to, StepRow out) {
      if (to - from < 2) {
        return;
      }
      // Any origin near the samples keeps the squares small.
      fit(from, to, predict ? call.grid().timeMs(step) : timesMs[from]);
      out.set(step, predict ? slope * call.scalar(1, step) + intercept : slope);
    }

    private void fit(int from, int to, long originMs) {
      sumX.reset();
      sumY.reset();
      sumXy.reset();
      sumXx.reset();
      boolean constant = true;
      for (int i = from; i < to; i++) {
        double x = (timesMs[i] - originMs) / 1e3;
        double y = values[i];
        constant &= i == from || y == values[from];
        sumX.add(x);
        sumY.add(y);
        sumXy.add(x * y);
        sumXx.add(x * x);
      }
      if (constant) {
        boolean infinite = Double.isInfinite(values[from]);
        slope = infinite ? Double.NaN : 0;
        intercept = infinite ? Double.NaN : values[from];
        return;
      }
      double n = to - from;
      double x = sumX.sum() + sumX.compensation();
      double y = sumY.sum() + sumY.compensation();
      double covariance = sumXy.sum() + sumXy.compensation() - x * y / n;
      double variance = sumXx.sum() + sumXx.compensation() - x * x / n;
      slope = covariance / variance;
      intercept = y / n - slope * x / n;
    }
  }
}
