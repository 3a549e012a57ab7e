// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.chunk.TimeColumn;
import io.skopos.metrics.store.chunk.ValueEncoder;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.index.LabelIndexWriter;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.part.EntryPageWriter;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes one metrics part: {@link #series}, its {@link #samples}, the next series, and so on, then
 * {@link #finish}. Holds one page and the label index' postings in memory, not the samples. Not
 * thread-safe. Closing without finish removes what was written.
 */
public final class MetricsPartWriter implements AutoCloseable {

  private final PartWriter out;
  private final LabelIndexWriter labels;
  private final TimeColumnWriter times;
  private final SeriesRangeWriter ranges;
  private final EntryPageWriter valuePages;
  private final EntryPageWriter aggregatePages;
  private final ValueEncoder values = new ValueEncoder();
  private final TreeMap<String, MetricMetadata> metadata = new TreeMap<>();

  // The series begun last.
  private byte[] seriesLabels = new byte[256];
  private int seriesLength;
  private boolean begun;
  private boolean hasSamples;
  private long seriesFirstMs;
  private long seriesLastMs;
  private long[] pendingTimes = new long[2 * PartFormat.CHUNK_SAMPLES];
  private double[] pendingValues = new double[2 * PartFormat.CHUNK_SAMPLES];
  private int pending;

  // Its entry in the open page of values: all chunks but the last one, then that one.
  private final ByteWriter entry = new ByteWriter(8192);
  private final ByteWriter lastChunk = new ByteWriter(8192);
  private int lastChunkTimes = -1;
  private boolean continued;
  private final ByteWriter aggregates = new ByteWriter(1024);
  private boolean aggregated;

  private long sampleCount;
  private long chunkCount;
  private long minTimeMs = Long.MAX_VALUE;
  private long maxTimeMs = Long.MIN_VALUE;

  public MetricsPartWriter(PartWriter out) {
    this.out = out;
    labels = new LabelIndexWriter(out);
    times = new TimeColumnWriter(out);
    ranges = new SeriesRangeWriter(out);
    // Packed bits do not compress; trying would cost more than all encoding.
    valuePages = new EntryPageWriter(out, PartWriter.Codec.RAW, PartFormat.VALUES_PAGE);
    aggregatePages = new EntryPageWriter(out, PartWriter.Codec.COMPRESSED, PartFormat.SMALL_PAGE);
  }

  /**
   * Begins a series.
   *
   * @param canonical canonical label bytes (see {@link io.skopos.model.Labels}); copied
   * @throws IllegalArgumentException when the series does not sort behind the one before
   */
  public void series(byte[] canonical, int offset, int length) throws IOException {
    endSeries();
    if (seriesLabels.length < length) {
      seriesLabels = new byte[length * 2];
    }
    System.arraycopy(canonical, offset, seriesLabels, 0, length);
    seriesLength = length;
    begun = true;
    hasSamples = false;
  }

  /**
   * Adds samples {@code from} (inclusive) to {@code to} (exclusive) to the series begun last; may
   * be called more than once. The arrays may be reused afterwards.
   *
   * @throws IllegalArgumentException when a time does not ascend
   */
  public void samples(long[] timesMs, double[] values, int from, int to) throws IOException {
    if (from == to) {
      return;
    }
    beginSamples(timesMs[from]);
    for (int i = from; i < to; i++) {
      if (timesMs[i] <= seriesLastMs && (i > from || hasSamples)) {
        throw new IllegalArgumentException(
            "sample at " + timesMs[i] + " follows one at " + seriesLastMs);
      }
      hasSamples = true;
      seriesLastMs = timesMs[i];
    }
    int at = from;
    while (at < to) {
      int some = Math.min(to - at, pendingTimes.length - pending);
      System.arraycopy(timesMs, at, pendingTimes, pending, some);
      System.arraycopy(values, at, pendingValues, pending, some);
      pending += some;
      at += some;
      if (pending == pendingTimes.length && at < to) {
        cutFullChunk();
      }
    }
    sampleCount += to - from;
  }

  /**
   * Adds a chunk whose values are encoded already, as another part has them. Its samples lie behind
   * those added before, like those of {@link #samples}.
   */
  void encodedChunk(
      long[] timesMs,
      int from,
      int to,
      byte[] values,
      int offset,
      int length,
      @Nullable ChunkAggregates known)
      throws IOException {
    beginSamples(timesMs[from]);
    if (hasSamples && timesMs[from] <= seriesLastMs) {
      throw new IllegalArgumentException(
          "chunk at " + timesMs[from] + " follows a sample at " + seriesLastMs);
    }
    cutPending();
    hasSamples = true;
    seriesLastMs = timesMs[to - 1];
    sampleCount += to - from;
    beginChunk(timesMs, from, to);
    lastChunk.put(values, offset, length);
    endChunk(timesMs, from, to, known);
  }

  private void beginSamples(long firstMs) throws IOException {
    if (!begun) {
      throw new IllegalStateException("samples come before any series");
    }
    if (!hasSamples) {
      labels.add(seriesLabels, 0, seriesLength);
      seriesFirstMs = firstMs;
    }
  }

  private void cutFullChunk() throws IOException {
    int size = PartFormat.CHUNK_SAMPLES;
    chunk(0, size);
    System.arraycopy(pendingTimes, size, pendingTimes, 0, pending - size);
    System.arraycopy(pendingValues, size, pendingValues, 0, pending - size);
    pending -= size;
  }

  /** All that is pending as one chunk, or two of the same size. */
  private void cutPending() throws IOException {
    if (pending > PartFormat.CHUNK_SAMPLES) {
      int half = (pending + 1) / 2;
      chunk(0, half);
      chunk(half, pending);
    } else if (pending > 0) {
      chunk(0, pending);
    }
    pending = 0;
  }

  private void chunk(int from, int to) throws IOException {
    beginChunk(pendingTimes, from, to);
    values.encode(pendingValues, from, to, lastChunk);
    ChunkAggregates known =
        to - from < PartFormat.AGGREGATED_SAMPLES
            ? null
            : AggregatesCodec.aggregate(pendingTimes, pendingValues, from, to);
    endChunk(pendingTimes, from, to, known);
  }

  private void beginChunk(long[] timesMs, int from, int to) throws IOException {
    if (lastChunkTimes >= 0) {
      entry.varint((long) lastChunkTimes << 1 | 1);
      entry.sized(lastChunk.bytes, 0, lastChunk.size);
      if (entry.size >= PartFormat.VALUES_PAGE) {
        addEntry();
        continued = true;
      }
    }
    lastChunk.clear();
    lastChunkTimes = times.number(timesMs, from, to);
  }

  private void endChunk(long[] timesMs, int from, int to, @Nullable ChunkAggregates known) {
    chunkCount++;
    aggregated |= known != null;
    AggregatesCodec.encode(
        known, new TimeColumn.Bounds(timesMs[from], timesMs[to - 1], to - from), aggregates);
  }

  private void addEntry() throws IOException {
    long ordinal = labels.seriesCount() - 1L;
    valuePages.add(ordinal << 1 | (continued ? 1 : 0), entry.bytes, 0, entry.size);
    entry.clear();
  }

  private void endSeries() throws IOException {
    if (!begun || !hasSamples) {
      return;
    }
    cutPending();
    entry.varint((long) lastChunkTimes << 1);
    entry.put(lastChunk.bytes, 0, lastChunk.size);
    addEntry();
    if (aggregated) {
      long ordinal = labels.seriesCount() - 1L;
      entry.varint(ordinal);
      entry.put(aggregates.bytes, 0, aggregates.size);
      aggregatePages.add(ordinal, entry.bytes, 0, entry.size);
      entry.clear();
    }
    ranges.add(seriesFirstMs, seriesLastMs);
    minTimeMs = Math.min(minTimeMs, seriesFirstMs);
    maxTimeMs = Math.max(maxTimeMs, seriesLastMs);
    aggregates.clear();
    aggregated = false;
    continued = false;
    lastChunkTimes = -1;
    begun = false;
  }

  /** What is known about a metric family; anywhere between the series. Later calls win. */
  public void metadata(String family, MetricMetadata about) {
    metadata.put(family, about);
  }

  /** Series begun so far that have samples. */
  public int seriesCount() {
    return labels.seriesCount();
  }

  public long sampleCount() {
    return sampleCount;
  }

  /**
   * Writes index and footer and publishes the object. At least one sample must have been added: ask
   * {@link #sampleCount} first, and close instead when it is 0.
   *
   * @param minPosition least log position whose samples may be inside; see {@link PartEntry}
   */
  public PartEntry finish(long minPosition, long maxPosition, int level) throws IOException {
    endSeries();
    if (sampleCount == 0) {
      throw new IllegalStateException("a part without samples is not written");
    }
    byte[] footer = footer();
    return out.finish(
        footer,
        new PartWriter.Summary(sampleCount, minTimeMs, maxTimeMs, minPosition, maxPosition, level));
  }

  private byte[] footer() throws IOException {
    ByteWriter footer = new ByteWriter(16 << 10);
    footer.varint(PartFormat.VERSION);
    footer.varint(labels.seriesCount());
    footer.varint(sampleCount);
    footer.varint(chunkCount);
    ByteWriter section = new ByteWriter(16 << 10);
    labels.finish(section);
    section(PartFormat.LABELS, section, footer);
    times.finish(section);
    section(PartFormat.TIMES, section, footer);
    valuePages.finish(section);
    section(PartFormat.VALUES, section, footer);
    ranges.finish(section);
    section(PartFormat.RANGES, section, footer);
    if (aggregatePages.pageCount() > 0) {
      aggregatePages.finish(section);
      section(PartFormat.AGGREGATES, section, footer);
    }
    if (!metadata.isEmpty()) {
      MetadataPages.write(metadata, out, section);
      section(PartFormat.METADATA, section, footer);
    }
    return footer.toByteArray();
  }

  private static void section(int kind, ByteWriter section, ByteWriter footer) {
    footer.varint(kind);
    footer.sized(section.bytes, 0, section.size);
    section.clear();
  }

  @Override
  public void close() {
    out.close();
  }
}
