// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepGrid;

/** {@code time}: the step's time in seconds. */
record StepTime() implements ScalarFunction {

  @Override
  public double[] apply(VectorCall call) {
    StepGrid grid = call.grid();
    double[] result = new double[grid.steps()];
    for (int step = 0; step < result.length; step++) {
      result[step] = grid.timeMs(step) / 1000.0;
    }
    return result;
  }
}
