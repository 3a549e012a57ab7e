// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;
import java.util.Arrays;

/** {@code scalar}: the value of the only sample of a step, NaN when there are none or several. */
record VectorToScalar() implements ScalarFunction {

  @Override
  public double[] apply(VectorCall call) {
    StepBlock block = call.vector(0).floats();
    int steps = call.grid().steps();
    double[] result = new double[steps];
    Arrays.fill(result, Double.NaN);
    int[] counts = new int[steps];
    for (int series = 0; series < block.size(); series++) {
      for (int step = 0; step < steps; step++) {
        if (block.present(series, step)) {
          counts[step]++;
          result[step] = counts[step] == 1 ? block.value(series, step) : Double.NaN;
        }
      }
    }
    return result;
  }
}
