// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;

/** {@code round}: to the nearest multiple, halves up. */
record RoundFunction() implements VectorFunction {

  @Override
  public StepBlock apply(VectorCall call) {
    StepBlock block = call.vector(0).floats();
    double[] nearest = call.arguments() > 1 ? call.scalar(1) : null;
    double[] values = block.values();
    double[] results = new double[block.size() * block.steps()];
    for (int cell = 0; cell < results.length; cell++) {
      // The inverse loses fewer digits than dividing by fractions such as 0.1.
      double inverse = nearest == null ? 1 : 1 / nearest[cell % block.steps()];
      results[cell] = Math.floor(values[cell] * inverse + 0.5) / inverse;
    }
    return block.withValues(results, true);
  }
}
