// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;

/** A range function that needs no state: it looks at the window's columns once. */
record PointFunction(Point point, boolean keepsName) implements RangeFunction {

  /** The answer for samples {@code from} to {@code to}, the latter excluded. */
  interface Point {
    double at(long[] timesMs, double[] values, int from, int to);
  }

  @Override
  public RangeKernel kernel(RangeCall call) {
    return new SeriesKernel() {
      @Override
      public void window(int step, int from, int to, StepRow out) {
        out.set(step, point.at(timesMs, values, from, to));
      }
    };
  }
}
