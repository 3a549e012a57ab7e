// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.chunk.TimeColumn;
import io.skopos.metrics.store.chunk.ValueDecoder;
import io.skopos.model.TimeRange;
import io.skopos.storage.bytes.ByteReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects one series' encoded chunks from all inputs and writes them out in time order. Chunks
 * that overlap are decoded together, the later input winning; the others go by one at a time.
 */
final class SeriesMerge {

  private static final Comparator<Chunk> BY_TIME =
      Comparator.<Chunk>comparingLong(chunk -> chunk.times.firstMs())
          .thenComparingInt(chunk -> chunk.order);

  private final MetricsPartWriter writer;
  private final ValueDecoder decoder = new ValueDecoder();
  private final List<Chunk> chunks = new ArrayList<>();
  private SampleBuffer merged = new SampleBuffer(PartFormat.CHUNK_SAMPLES);
  private SampleBuffer spare = new SampleBuffer(PartFormat.CHUNK_SAMPLES);
  private final SampleBuffer decoded = new SampleBuffer(PartFormat.CHUNK_SAMPLES);

  SeriesMerge(MetricsPartWriter writer) {
    this.writer = writer;
  }

  void begin() {
    chunks.clear();
  }

  /**
   * @param order the input's; of equal times the greatest wins
   * @param values copied
   * @param gone ranges whose samples are hidden
   */
  void add(
      int order,
      TimeColumn times,
      @Nullable ChunkAggregates known,
      ByteReader values,
      List<TimeRange> gone) {
    List<TimeRange> touching = new ArrayList<>(0);
    for (TimeRange range : gone) {
      if (range.fromMs() <= times.firstMs() && range.toMs() >= times.lastMs()) {
        return;
      }
      if (range.overlaps(times.firstMs(), times.lastMs())) {
        touching.add(range);
      }
    }
    chunks.add(new Chunk(order, times, known, values.copy(values.remaining()), touching));
  }

  void write() throws IOException {
    chunks.sort(BY_TIME);
    int at = 0;
    while (at < chunks.size()) {
      int end = at + 1;
      long lastMs = chunks.get(at).times.lastMs();
      while (end < chunks.size() && chunks.get(end).times.firstMs() <= lastMs) {
        lastMs = Math.max(lastMs, chunks.get(end).times.lastMs());
        end++;
      }
      if (end == at + 1 && isCopied(chunks.get(at))) {
        Chunk chunk = chunks.get(at);
        writer.encodedChunk(
            chunk.times.timesMs(),
            0,
            chunk.times.size(),
            chunk.values,
            0,
            chunk.values.length,
            chunk.known);
      } else {
        writeDecoded(chunks.subList(at, end));
      }
      at = end;
    }
  }

  /** The only chunk of its series cannot grow; a large one need not. */
  private boolean isCopied(Chunk chunk) {
    boolean large = chunk.times.size() >= PartFormat.AGGREGATED_SAMPLES;
    return chunk.gone.isEmpty() && (large || chunks.size() == 1);
  }

  private void writeDecoded(List<Chunk> overlapping) throws IOException {
    merged.clear();
    overlapping.sort(Comparator.comparingInt(chunk -> chunk.order));
    for (Chunk chunk : overlapping) {
      decoded.clear();
      decode(chunk);
      if (merged.size == 0
          || decoded.size == 0
          || decoded.timesMs[0] > merged.timesMs[merged.size - 1]) {
        append(decoded, 0, decoded.size, merged);
      } else {
        mergeDecoded();
      }
    }
    writer.samples(merged.timesMs, merged.values, 0, merged.size);
  }

  private void decode(Chunk chunk) {
    int count = chunk.times.size();
    decoded.ensure(count);
    ByteReader values = new ByteReader(chunk.values, 0, chunk.values.length);
    decoder.decode(values, count, 0, count, decoded.values, 0);
    chunk.times.copy(0, count, decoded.timesMs, 0);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      long time = decoded.timesMs[i];
      boolean hidden = false;
      for (int j = 0; j < chunk.gone.size(); j++) {
        hidden |= chunk.gone.get(j).contains(time);
      }
      if (!hidden) {
        decoded.timesMs[kept] = time;
        decoded.values[kept++] = decoded.values[i];
      }
    }
    decoded.size = kept;
  }

  /** Puts what is decoded between, and over, what is merged. */
  private void mergeDecoded() {
    spare.clear();
    spare.ensure(merged.size + decoded.size);
    int old = 0;
    int young = 0;
    while (old < merged.size || young < decoded.size) {
      boolean takeYoung =
          old == merged.size
              || (young < decoded.size && decoded.timesMs[young] <= merged.timesMs[old]);
      if (takeYoung) {
        if (old < merged.size && merged.timesMs[old] == decoded.timesMs[young]) {
          old++;
        }
        spare.add(decoded.timesMs[young], decoded.values[young++]);
      } else {
        spare.add(merged.timesMs[old], merged.values[old++]);
      }
    }
    SampleBuffer swap = merged;
    merged = spare;
    spare = swap;
  }

  private static void append(SampleBuffer from, int start, int end, SampleBuffer into) {
    into.ensure(end - start);
    System.arraycopy(from.timesMs, start, into.timesMs, into.size, end - start);
    System.arraycopy(from.values, start, into.values, into.size, end - start);
    into.size += end - start;
  }

  private static final class Chunk {
    final int order;
    final TimeColumn times;
    final @Nullable ChunkAggregates known;
    final byte[] values;
    final List<TimeRange> gone;

    Chunk(
        int order,
        TimeColumn times,
        @Nullable ChunkAggregates known,
        byte[] values,
        List<TimeRange> gone) {
      this.order = order;
      this.times = times;
      this.known = known;
      this.values = values;
      this.gone = gone;
    }
  }
}
