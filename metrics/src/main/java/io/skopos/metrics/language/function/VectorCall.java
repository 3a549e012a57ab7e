// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.QueryBudget;
import io.skopos.engine.StepBlock;
import io.skopos.engine.StepGrid;

/**
 * One use of a vector or scalar function: its evaluated arguments, numbered as written, and the
 * grid they stand on. A subquery evaluates its inside on a grid of its own.
 */
public interface VectorCall {

  StepGrid grid();

  /** How many arguments were written. */
  int arguments();

  /** An instant-vector argument. */
  StepBlock vector(int argument);

  /** A scalar argument: one value per step; read only. */
  double[] scalar(int argument);

  /** A string argument. */
  String text(int argument);

  /** Offset of an argument in the query text, for annotations. */
  int position(int argument);

  /** Offset of the whole call in the query text. */
  int position();

  PositionedAnnotations annotations();

  /** For cancelling in long loops; the evaluator charges arguments and results. */
  QueryBudget budget();
}
