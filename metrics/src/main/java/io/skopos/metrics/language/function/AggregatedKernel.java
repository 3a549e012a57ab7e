// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.metrics.store.AggregatedSamples;
import io.skopos.model.Labels;

/**
 * A range function of aggregates that stand for samples; see {@link RangeKernel}. Answers are those
 * of the samples themselves, but for the last bits of sums, which are made in another order.
 */
public interface AggregatedKernel {

  /** A series begins. */
  default void series(Labels labels) {}

  /**
   * Sets {@code out} at {@code step}, or leaves it when there is no result.
   *
   * @param from index of the first entry in the window
   * @param to index behind the last one; always greater than {@code from}
   */
  void window(int step, AggregatedSamples samples, int from, int to, StepRow out);
}
