// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepBlock;

/** Functions that are only about native histograms, which the store does not hold yet. */
record NativeHistogramFunction(String name) implements VectorFunction {

  @Override
  public StepBlock apply(VectorCall call) {
    throw new QueryFailed(name + "(): native histograms are not supported yet");
  }
}
