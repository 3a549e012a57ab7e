// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

/** {@code min_of} and {@code max_of}: of two scalars, step by step; NaN wins. */
record ExtremeOfTwo(boolean max) implements ScalarFunction {

  @Override
  public double[] apply(VectorCall call) {
    double[] left = call.scalar(0);
    double[] right = call.scalar(1);
    double[] result = new double[call.grid().steps()];
    for (int step = 0; step < result.length; step++) {
      result[step] = max ? Math.max(left[step], right[step]) : Math.min(left[step], right[step]);
    }
    return result;
  }
}
