// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.language.function.PositionedAnnotations;

/** Evaluates leaves. Thread-safe; runs on the caller's thread. */
public interface LeafExecutor {

  LeafResult execute(
      LeafRequest request,
      QueryBudget budget,
      PositionedAnnotations annotations,
      SampleCount count);

  /** The samples of the first step's window; the reading must be windowed. */
  LeafSamples samples(LeafRequest request, QueryBudget budget, SampleCount count);
}
