// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;

/**
 * Computes a range function for one series after another: {@link #series} once, then {@link
 * #window} for every step whose window is not empty, in ascending order of steps. Windows of later
 * steps never begin or end earlier, so a kernel may slide: keep sums, a deque or a reset correction
 * from step to step, or prepare prefix sums when the series begins. With {@code @} all windows are
 * equal.
 */
public interface RangeKernel {

  /**
   * A series begins. The samples' times strictly ascend, stale markers are removed. The buffer
   * stays valid and unchanged until the next call; its columns are longer than its size and not the
   * kernel's to change.
   */
  void series(Labels labels, SampleBuffer samples);

  /**
   * Sets {@code out} at {@code step}, or leaves it when there is no result.
   *
   * @param from index of the first sample in the window
   * @param to index behind the last one; always greater than {@code from}
   */
  void window(int step, int from, int to, StepRow out);
}
