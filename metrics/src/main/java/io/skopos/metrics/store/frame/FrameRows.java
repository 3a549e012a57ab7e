// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import io.skopos.metrics.store.SampleBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one frame: some series of a batch with their samples and exemplars, and its metadata
 * if the frame carries it. It rides along as {@link io.skopos.storage.Frame#decoded} and is valid
 * as long as the batch.
 *
 * @param series indexes into the batch, the first {@code count} are used
 * @param exemplars those of these series
 * @param stretches all of {@code series} in order when some are a known block, else empty
 */
public record FrameRows(
    SampleBatch batch,
    int[] series,
    int count,
    boolean withMetadata,
    List<SampleBatch.ExemplarRow> exemplars,
    List<Stretch> stretches) {

  /**
   * Indexes into {@code series}, from one to before the other.
   *
   * @param block that these series are; null when they are none
   */
  public record Stretch(int from, int to, @Nullable LabelBlock block) {}

  public FrameRows(
      SampleBatch batch,
      int[] series,
      int count,
      boolean withMetadata,
      List<SampleBatch.ExemplarRow> exemplars) {
    this(batch, series, count, withMetadata, exemplars, List.of());
  }
}
