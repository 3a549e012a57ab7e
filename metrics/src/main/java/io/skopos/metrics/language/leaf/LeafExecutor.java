// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryValue;
import io.skopos.engine.StepBlock;
import io.skopos.metrics.language.function.PositionedAnnotations;
import java.util.List;

/** Evaluates leaves. Thread-safe; runs on the caller's thread. */
public interface LeafExecutor {

  /**
   * Series in the order of their labels, or groups in the order of their first member; without
   * those that have no point.
   *
   * <p>The points of the result are charged to the budget as held; whoever drops the block releases
   * them.
   */
  StepBlock execute(
      LeafRequest request,
      QueryBudget budget,
      PositionedAnnotations annotations,
      SampleCount count);

  /**
   * The samples themselves of the first step's window, series by series; the reading must be
   * windowed, its function is not called. Charged as held.
   */
  List<QueryValue.Series> samples(LeafRequest request, QueryBudget budget, SampleCount count);
}
