// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.TenantId;
import io.skopos.storage.Sharding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The blocks among the series of a batch: those known from before, and those made because their
 * series came just so once already. Reused from batch to batch; not thread-safe, what is known is
 * shared.
 */
final class SeriesBlocks {

  /** Fewer series are not worth a block. */
  private static final int MIN_BLOCK = 8;

  private static final int MAX_BLOCK = 1024;

  /**
   * Behind so many series, one of {@link #CUT} on average ends a block, always the same ones: where
   * a request begins in the middle of a target, blocks are the known ones again soon after.
   */
  private static final int MIN_CUT = 64;

  private static final int CUT = 256;

  private static final long MAX_BYTES = 64 << 20;

  private static final LabelBlocks KNOWN =
      new LabelBlocks(Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / 32));

  private final LabelSetsWriter labels;
  private final ByteColumn section = new ByteColumn(4096);

  /** At the index of its first series each block of the batch that is known. */
  private @Nullable LabelBlock[] found = new @Nullable LabelBlock[64];

  SeriesBlocks(LabelSetsWriter labels) {
    this.labels = labels;
  }

  static LabelBlocks known() {
    return KNOWN;
  }

  /**
   * Looks for the blocks of a batch.
   *
   * @return at the index of its first series each block; as long as there are series, or longer
   */
  @Nullable LabelBlock[] find(SampleBatch batch, TenantId tenant, Sharding sharding) {
    @Nullable LabelBlock[] blocks = none(batch);
    int s = 0;
    while (s < batch.seriesCount()) {
      LabelBlock block = KNOWN.find(batch, s, tenant, sharding);
      blocks[s] = block;
      s += block == null ? 1 : block.size();
    }
    return blocks;
  }

  /** The same without looking. */
  @Nullable LabelBlock[] none(SampleBatch batch) {
    int series = batch.seriesCount();
    if (found.length < series) {
      found = new @Nullable LabelBlock[Math.max(series, found.length * 2)];
    }
    return found;
  }

  /** Forgets what was found in the batch. */
  void end(SampleBatch batch) {
    Arrays.fill(found, 0, batch.seriesCount(), null);
  }

  /**
   * The series of a shard as blocks, those found and those made now, and others.
   *
   * @param series ascending indexes into the batch whose blocks were looked for
   * @return all of {@code series} in order; empty when there is no block
   */
  List<FrameRows.Stretch> stretches(
      SampleBatch batch, TenantId tenant, Sharding sharding, int shard, int[] series) {
    List<FrameRows.Stretch> stretches = new ArrayList<>();
    int from = 0;
    int otherFrom = 0;
    while (from < series.length) {
      LabelBlock block = found[series[from]];
      int to = block == null ? runEnd(batch, series, from) : from + block.size();
      if (block == null && cameBefore(batch, tenant, series[from], to - from)) {
        section.clear();
        labels.putSection(section, batch, series, from, to);
        byte[] bytes = Arrays.copyOf(section.bytes, section.size);
        int first = series[from];
        block = new LabelBlock(batch, first, first + to - from, tenant, sharding, shard, bytes);
        KNOWN.add(block);
      }
      if (block != null) {
        if (otherFrom < from) {
          stretches.add(new FrameRows.Stretch(otherFrom, from, null));
        }
        stretches.add(new FrameRows.Stretch(from, to, block));
        otherFrom = to;
      }
      from = to;
    }
    if (!stretches.isEmpty() && otherFrom < series.length) {
      stretches.add(new FrameRows.Stretch(otherFrom, series.length, null));
    }
    return stretches;
  }

  private static boolean cameBefore(SampleBatch batch, TenantId tenant, int first, int count) {
    return count >= MIN_BLOCK && KNOWN.cameBefore(batch, first, first + count, tenant);
  }

  /** Where series that follow each other in the batch and are in no known block should end. */
  private int runEnd(SampleBatch batch, int[] series, int from) {
    int most = Math.min(series.length, from + MAX_BLOCK);
    for (int to = from + 1; to < most; to++) {
      boolean cut = to - from > MIN_CUT && (batch.hash(series[to - 1]) & CUT - 1) == 0;
      if (cut || series[to] != series[to - 1] + 1 || found[series[to]] != null) {
        return to;
      }
    }
    return most;
  }
}
