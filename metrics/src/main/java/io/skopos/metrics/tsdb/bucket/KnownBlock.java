// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.bucket;

import io.skopos.metrics.tsdb.block.BlockFiles;
import io.skopos.metrics.tsdb.block.BlockMeta;
import io.skopos.model.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A block that questions are answered from.
 *
 * @param added the external labels that its series get
 * @param wanted the times it answers for: of a downsampled block those without finer samples
 */
record KnownBlock(
    ListedBlock listed,
    BlockFiles files,
    BlockMeta meta,
    Map<String, String> added,
    List<TimeRange> wanted) {

  KnownBlock {
    added = Map.copyOf(added);
    wanted = List.copyOf(wanted);
  }

  /** The last time is not the block's any more. */
  static TimeRange whole(BlockMeta meta) {
    return new TimeRange(meta.minTimeMs(), Math.max(meta.minTimeMs(), meta.maxTimeMs() - 1));
  }

  /** What of the range it answers for. */
  List<TimeRange> within(TimeRange range) {
    List<TimeRange> parts = new ArrayList<>(wanted.size());
    for (TimeRange one : wanted) {
      if (range.overlaps(one.fromMs(), one.toMs())) {
        parts.add(
            new TimeRange(
                Math.max(one.fromMs(), range.fromMs()), Math.min(one.toMs(), range.toMs())));
      }
    }
    return parts;
  }
}
