// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepGrid;

/**
 * One use of a range function in a query: everything about it that is the same for all series.
 * Arguments are numbered as written, so in {@code quantile_over_time(0.9, x[5m])} argument 0 is the
 * scalar and argument 1 the range.
 */
public interface RangeCall {

  StepGrid grid();

  /** Length of the window. */
  long rangeMs();

  /**
   * End of the window of this step, offset and {@code @} applied; it starts {@link #rangeMs}
   * before.
   */
  long windowEndMs(int step);

  /** Whether windows reach beyond their ends. */
  WindowEdge edge();

  /** Value of a scalar argument at a step. */
  double scalar(int argument, int step);

  /** Offset of an argument in the query text, for annotations. */
  int position(int argument);

  PositionedAnnotations annotations();
}
