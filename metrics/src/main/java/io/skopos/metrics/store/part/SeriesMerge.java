// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleMerge;
import io.skopos.metrics.store.chunk.HistogramDecoder;
import io.skopos.metrics.store.chunk.StartCodec;
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
  private final HistogramDecoder histogramDecoder = new HistogramDecoder();
  private final StartCodec startCodec = new StartCodec();
  private final SampleBuffer merged = new SampleBuffer(PartFormat.CHUNK_SAMPLES);
  private final SampleBuffer decoded = new SampleBuffer(PartFormat.CHUNK_SAMPLES);

  // What was added, and what was written, last: which input's and its how manyth chunk.
  private int addedOrder;
  private int addedNumber;
  private int writtenOrder;
  private int writtenNumber;

  SeriesMerge(MetricsPartWriter writer) {
    this.writer = writer;
  }

  void begin() {
    chunks.clear();
    addedOrder = -1;
    writtenOrder = -1;
  }

  /**
   * Adds a chunk; those of one input follow each other.
   *
   * @param order the input's; of equal times the greatest wins
   * @param chunk its bytes are copied
   * @param gone ranges whose samples are hidden
   */
  void add(int order, ChunkView chunk, List<TimeRange> gone) throws IOException {
    TimeColumn times = chunk.times();
    addedNumber = order == addedOrder ? addedNumber + 1 : 0;
    addedOrder = order;
    List<TimeRange> touching = new ArrayList<>(0);
    for (TimeRange range : gone) {
      if (range.fromMs() <= times.firstMs() && range.toMs() >= times.lastMs()) {
        return;
      }
      if (range.overlaps(times.firstMs(), times.lastMs())) {
        touching.add(range);
      }
    }
    chunks.add(
        new Chunk(
            order,
            addedNumber,
            times,
            chunk.hasStaleMarkers(),
            chunk.known(),
            bytes(chunk.values()),
            bytesOrNull(chunk.histograms()),
            bytesOrNull(chunk.starts()),
            touching));
  }

  private static byte[] bytes(ByteReader in) {
    return in.copy(in.remaining());
  }

  private static byte @Nullable [] bytesOrNull(@Nullable ByteReader in) {
    return in == null ? null : bytes(in);
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
            chunk.stale,
            chunk.histograms,
            chunk.starts,
            chunk.known);
      } else {
        writeDecoded(chunks.subList(at, end));
      }
      writtenOrder = end == at + 1 ? chunks.get(at).order : -1;
      writtenNumber = chunks.get(at).number;
      at = end;
    }
  }

  /** The only chunk of its series cannot grow; a large one need not. */
  private boolean isCopied(Chunk chunk) {
    boolean large = chunk.times.size() >= PartFormat.AGGREGATED_SAMPLES;
    return chunk.gone.isEmpty() && (large || chunks.size() == 1) && keepsHint(chunk);
  }

  /** What its first histogram says of resets since the one before is true of the chunk before. */
  private boolean keepsHint(Chunk chunk) {
    return chunk.histograms == null
        || chunk.number == 0
        || (chunk.order == writtenOrder && chunk.number == writtenNumber + 1);
  }

  private void writeDecoded(List<Chunk> overlapping) throws IOException {
    merged.clear();
    overlapping.sort(Comparator.comparingInt(chunk -> chunk.order));
    for (Chunk chunk : overlapping) {
      decoded.clear();
      decode(chunk);
      SampleMerge.into(merged, 0, decoded);
    }
    writer.samples(merged);
  }

  private void decode(Chunk chunk) {
    int count = chunk.times.size();
    decoded.ensure(count);
    decoder.decode(reader(chunk.values), count, 0, count, decoded.values, 0);
    chunk.times.copy(0, count, decoded.timesMs, 0);
    if (chunk.histograms != null) {
      histogramDecoder.decode(
          reader(chunk.histograms), count, 0, count, decoded.values, decoded.withHistograms(), 0);
    }
    if (chunk.starts != null) {
      startCodec.decode(reader(chunk.starts), chunk.times, 0, count, decoded.withStarts(), 0);
    }
    decoded.size = count;
    for (TimeRange range : chunk.gone) {
      SampleMerge.remove(range, decoded, 0);
    }
  }

  private static ByteReader reader(byte[] bytes) {
    return new ByteReader(bytes, 0, bytes.length);
  }

  private static final class Chunk {
    final int order;
    final int number;
    final TimeColumn times;
    final boolean stale;
    final @Nullable ChunkAggregates known;
    final byte[] values;
    final byte @Nullable [] histograms;
    final byte @Nullable [] starts;
    final List<TimeRange> gone;

    Chunk(
        int order,
        int number,
        TimeColumn times,
        boolean stale,
        @Nullable ChunkAggregates known,
        byte[] values,
        byte @Nullable [] histograms,
        byte @Nullable [] starts,
        List<TimeRange> gone) {
      this.order = order;
      this.number = number;
      this.times = times;
      this.stale = stale;
      this.known = known;
      this.values = values;
      this.histograms = histograms;
      this.starts = starts;
      this.gone = gone;
    }
  }
}
