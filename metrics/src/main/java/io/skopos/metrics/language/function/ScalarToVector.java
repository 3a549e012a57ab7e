// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;
import io.skopos.model.Labels;

/** {@code vector}: one series without labels. */
record ScalarToVector() implements VectorFunction {

  @Override
  public StepBlock apply(VectorCall call) {
    double[] values = call.scalar(0);
    StepBlock.Builder builder = new StepBlock.Builder(call.grid(), 1);
    int series = builder.add(Labels.EMPTY, false);
    for (int step = 0; step < call.grid().steps(); step++) {
      builder.set(series, step, values[step]);
    }
    return builder.build();
  }
}
