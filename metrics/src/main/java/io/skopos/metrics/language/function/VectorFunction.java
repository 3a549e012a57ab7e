// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;

/**
 * A function with an instant vector as its result. Stateless and thread-safe. Results whose metric
 * name no longer fits are marked ({@link StepBlock#nameDropped}), not relabelled. Rows without any
 * point may stay in the result. Two rows may get equal labels as long as no step has both; the
 * evaluator checks and merges them.
 */
public interface VectorFunction {

  /**
   * @throws io.skopos.engine.QueryFailed when the query must fail, e.g. for a label name that is
   *     not one
   */
  StepBlock apply(VectorCall call);
}
