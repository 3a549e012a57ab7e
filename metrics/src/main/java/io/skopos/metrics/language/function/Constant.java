// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import java.util.Arrays;

/** {@code pi}. */
record Constant(double value) implements ScalarFunction {

  @Override
  public double[] apply(VectorCall call) {
    double[] result = new double[call.grid().steps()];
    Arrays.fill(result, value);
    return result;
  }
}
