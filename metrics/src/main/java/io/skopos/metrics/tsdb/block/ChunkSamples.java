// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.tsdb.chunk.AggregateChunk;
import io.skopos.metrics.tsdb.chunk.AggregateChunk.Aggregate;
import io.skopos.metrics.tsdb.chunk.ChunkDecoder;
import io.skopos.metrics.tsdb.chunk.ChunkEncoding;
import io.skopos.metrics.tsdb.chunk.DamagedChunk;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the samples of a series from its chunks, one chunk after the other. A damaged one is
 * reported and passed over. Not thread-safe.
 */
final class ChunkSamples {

  private final ChunkFiles chunks;
  private final boolean downsampled;
  private final SampleBuffer buffer = new SampleBuffer();
  private final SampleBuffer counts = new SampleBuffer(16);

  ChunkSamples(ChunkFiles chunks, boolean downsampled) {
    this.chunks = chunks;
    this.downsampled = downsampled;
  }

  /** As {@link SeriesSamples#read}. */
  void read(
      @Nullable Aggregate aggregate,
      List<ChunkRef> refs,
      List<TimeRange> deleted,
      long fromMs,
      long toMs,
      SeriesSamples.Sink sink,
      Consumer<DamagedBlock> damaged)
      throws IOException {
    for (ChunkRef ref : refs) {
      if (touches(ref, fromMs, toMs)) {
        try {
          buffer.clear();
          chunks.read(ref);
          decode(aggregate, ref, buffer);
        } catch (DamagedBlock e) {
          damaged.accept(e);
          continue;
        }
        give(deleted, fromMs, toMs, sink);
      }
    }
  }

  /** As {@link SeriesSamples#readBest}. */
  void readBest(
      Labels labels,
      List<ChunkRef> refs,
      List<TimeRange> deleted,
      long fromMs,
      long toMs,
      SeriesSamples.Sink sink,
      Consumer<DamagedBlock> damaged)
      throws IOException {
    if (!downsampled) {
      read(null, refs, deleted, fromMs, toMs, sink, damaged);
      return;
    }
    boolean counter = isCounter(labels.getOrEmpty(Label.METRIC_NAME));
    CounterTrack track = new CounterTrack();
    for (ChunkRef ref : refs) {
      if (touches(ref, fromMs, toMs)) {
        try {
          buffer.clear();
          chunks.read(ref);
          if (counter) {
            decode(Aggregate.COUNTER, ref, buffer);
            track.continueWith(buffer);
          } else {
            means(ref);
          }
        } catch (DamagedBlock e) {
          damaged.accept(e);
          continue;
        }
        give(deleted, fromMs, toMs, sink);
      }
    }
  }

  private static boolean isCounter(String name) {
    return name.endsWith("_total")
        || name.endsWith("_count")
        || name.endsWith("_sum")
        || name.endsWith("_bucket");
  }

  /** Both aggregates have the same times, window by window. */
  private void means(ChunkRef ref) throws DamagedBlock {
    counts.clear();
    decode(Aggregate.COUNT, ref, counts);
    decode(Aggregate.SUM, ref, buffer);
    int count = 0;
    for (int i = 0; i < buffer.size; i++) {
      while (count < counts.size && counts.timesMs[count] < buffer.timesMs[i]) {
        count++;
      }
      boolean known = count < counts.size && counts.timesMs[count] == buffer.timesMs[i];
      buffer.values[i] = known ? buffer.values[i] / counts.values[count] : Double.NaN;
    }
  }

  private static boolean touches(ChunkRef ref, long fromMs, long toMs) {
    return ref.maxTimeMs() >= fromMs && ref.minTimeMs() <= toMs;
  }

  private void decode(@Nullable Aggregate aggregate, ChunkRef ref, SampleBuffer into)
      throws DamagedBlock {
    boolean aggregated = chunks.encoding() == ChunkEncoding.AGGREGATES;
    if (aggregated != (aggregate != null)) {
      return;
    }
    try {
      if (aggregate == null) {
        ChunkDecoder.decode(
            chunks.encoding(), chunks.bytes(), chunks.start(), chunks.length(), into);
      } else {
        boolean _ =
            AggregateChunk.decode(aggregate, chunks.bytes(), chunks.start(), chunks.length(), into);
      }
    } catch (DamagedChunk e) {
      throw chunks.damaged(ref, String.valueOf(e.getMessage()));
    }
  }

  /** Only samples of the range that nothing hides and whose time ascends. */
  private void give(List<TimeRange> deleted, long fromMs, long toMs, SeriesSamples.Sink sink)
      throws IOException {
    int kept = 0;
    for (int i = 0; i < buffer.size; i++) {
      long time = buffer.timesMs[i];
      boolean ascends = kept == 0 || time > buffer.timesMs[kept - 1];
      if (time >= fromMs && time <= toMs && ascends && !isDeleted(deleted, time)) {
        buffer.copy(buffer, i, kept++);
      }
    }
    buffer.size = kept;
    if (kept > 0) {
      sink.samples(buffer);
    }
  }

  private static boolean isDeleted(List<TimeRange> deleted, long time) {
    for (TimeRange range : deleted) {
      if (range.contains(time)) {
        return true;
      }
    }
    return false;
  }
}
