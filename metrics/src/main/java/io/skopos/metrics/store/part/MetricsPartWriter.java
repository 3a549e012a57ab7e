// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.metrics.store.chunk.HistogramEncoder;
import io.skopos.metrics.store.chunk.StartCodec;
import io.skopos.metrics.store.chunk.ValueEncoder;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.index.LabelIndexWriter;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.part.EntryPageWriter;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes one metrics part: {@link #series}, its {@link #samples} and {@link #exemplars}, the next
 * series, and so on, then {@link #finish}. Holds one page and the label index' postings in memory,
 * not the samples. Not thread-safe. Closing without finish removes what was written.
 */
public final class MetricsPartWriter implements AutoCloseable {

  private final PartWriter out;
  private final LabelIndexWriter labels;
  private final TimeColumnWriter times;
  private final SeriesRangeWriter ranges;
  private final EntryPageWriter valuePages;
  private final EntryPageWriter aggregatePages;
  private final EntryPageWriter histogramPages;
  private final EntryPageWriter startPages;
  private final EntryPageWriter exemplarPages;
  private final ValueEncoder values = new ValueEncoder();
  private final HistogramEncoder histograms = new HistogramEncoder();
  private final StartCodec starts = new StartCodec();
  private final TreeMap<String, MetricMetadata> metadata = new TreeMap<>();

  // The series begun last.
  private byte[] seriesLabels = new byte[256];
  private int seriesLength;
  private boolean begun;
  private boolean hasSamples;
  private long seriesFirstMs;
  private long seriesLastMs;
  private List<Exemplar> seriesExemplars = List.of();
  private int seriesChunks;
  private final SampleBuffer pending = new SampleBuffer(2 * PartFormat.CHUNK_SAMPLES);

  // Its entry in the open page of values: all chunks but the last one, then that one.
  private final ByteWriter entry = new ByteWriter(8192);
  private final ByteWriter lastChunk = new ByteWriter(8192);
  private int lastChunkTimes = -1;
  private boolean lastChunkStale;
  private boolean continued;
  private final ByteWriter aggregates = new ByteWriter(1024);
  private boolean aggregated;

  // What some chunks have beside values.
  private final ByteWriter column = new ByteWriter(4096);
  private final ByteWriter columnEntry = new ByteWriter(4096);

  private long sampleCount;
  private long exemplarCount;
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
    histogramPages = new EntryPageWriter(out, PartWriter.Codec.RAW, PartFormat.HISTOGRAMS_PAGE);
    startPages = new EntryPageWriter(out, PartWriter.Codec.COMPRESSED, PartFormat.SMALL_PAGE);
    exemplarPages = new EntryPageWriter(out, PartWriter.Codec.COMPRESSED, PartFormat.SMALL_PAGE);
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
    add(timesMs, values, null, null, from, to);
  }

  /** Adds all of the buffer, with histograms and starts. */
  public void samples(SampleBuffer samples) throws IOException {
    add(samples.timesMs, samples.values, samples.histograms, samples.startsMs, 0, samples.size);
  }

  private void add(
      long[] timesMs,
      double[] values,
      @Nullable NativeHistogram @Nullable [] ownHistograms,
      long @Nullable [] startsMs,
      int from,
      int to)
      throws IOException {
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
      int size = pending.size;
      int some = Math.min(to - at, pending.timesMs.length - size);
      System.arraycopy(timesMs, at, pending.timesMs, size, some);
      System.arraycopy(values, at, pending.values, size, some);
      if (ownHistograms != null) {
        System.arraycopy(ownHistograms, at, pending.withHistograms(), size, some);
      }
      if (startsMs != null) {
        System.arraycopy(startsMs, at, pending.withStarts(), size, some);
      }
      pending.size += some;
      at += some;
      if (pending.size == pending.timesMs.length && at < to) {
        cutFullChunk();
      }
    }
    sampleCount += to - from;
  }

  /** The exemplars of the series begun last, in any order; of equal ones one is kept. */
  public void exemplars(List<Exemplar> exemplars) {
    if (!begun) {
      throw new IllegalStateException("exemplars come before any series");
    }
    seriesExemplars = ExemplarEntry.sorted(exemplars);
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
      boolean hasStaleMarkers,
      byte @Nullable [] encodedHistograms,
      byte @Nullable [] encodedStarts,
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
    beginChunk(timesMs, from, to, hasStaleMarkers);
    lastChunk.put(values, offset, length);
    if (encodedHistograms != null) {
      addColumn(histogramPages, encodedHistograms, encodedHistograms.length);
    }
    if (encodedStarts != null) {
      addColumn(startPages, encodedStarts, encodedStarts.length);
    }
    endChunk(timesMs, from, known);
  }

  private void beginSamples(long firstMs) throws IOException {
    if (!begun) {
      throw new IllegalStateException("samples come before any series");
    }
    if (!hasSamples) {
      labels.add(seriesLabels, 0, seriesLength);
      seriesFirstMs = firstMs;
      seriesChunks = 0;
    }
  }

  private void cutFullChunk() throws IOException {
    int size = PartFormat.CHUNK_SAMPLES;
    chunk(0, size);
    int rest = pending.size - size;
    if (pending.histograms != null || pending.startsMs != null) {
      for (int i = 0; i < rest; i++) {
        pending.copy(pending, size + i, i);
      }
    } else {
      System.arraycopy(pending.timesMs, size, pending.timesMs, 0, rest);
      System.arraycopy(pending.values, size, pending.values, 0, rest);
    }
    pending.truncate(rest);
  }

  /** All that is pending as one chunk, or two of the same size. */
  private void cutPending() throws IOException {
    if (pending.size > PartFormat.CHUNK_SAMPLES) {
      int half = (pending.size + 1) / 2;
      chunk(0, half);
      chunk(half, pending.size);
    } else if (pending.size > 0) {
      chunk(0, pending.size);
    }
    pending.clear();
  }

  private void chunk(int from, int to) throws IOException {
    if (to - from > 1 && hasTooManyNumbers(from, to)) {
      int middle = (from + to) >>> 1;
      chunk(from, middle);
      chunk(middle, to);
      return;
    }
    beginChunk(pending.timesMs, from, to, hasStaleMarkers(from, to));
    values.encode(pending.values, from, to, lastChunk);
    column.clear();
    boolean hasHistograms =
        pending.histograms != null && histograms.encode(pending.histograms, from, to, column);
    if (hasHistograms) {
      addColumn(histogramPages, column.bytes, column.size);
      column.clear();
    }
    if (pending.startsMs != null
        && starts.encode(pending.startsMs, pending.timesMs, from, to, column)) {
      addColumn(startPages, column.bytes, column.size);
    }
    ChunkAggregates known =
        hasHistograms || to - from < PartFormat.AGGREGATED_SAMPLES
            ? null
            : AggregatesCodec.aggregate(pending.timesMs, pending.values, from, to);
    endChunk(pending.timesMs, from, known);
  }

  private boolean hasStaleMarkers(int from, int to) {
    for (int i = from; i < to; i++) {
      if (StaleMarker.is(pending.values[i])) {
        return true;
      }
    }
    return false;
  }

  private boolean hasTooManyNumbers(int from, int to) {
    @Nullable NativeHistogram[] some = pending.histograms;
    long numbers = 0;
    for (int i = from; some != null && i < to; i++) {
      NativeHistogram histogram = some[i];
      numbers += histogram == null ? 0 : HistogramEncoder.numbers(histogram);
    }
    return numbers > HistogramEncoder.MAX_NUMBERS;
  }

  /** Belongs to the chunk begun last. */
  private void addColumn(EntryPageWriter pages, byte[] bytes, int length) throws IOException {
    ChunkEntries.add(pages, columnEntry, labels.seriesCount() - 1, seriesChunks, bytes, length);
  }

  private void beginChunk(long[] timesMs, int from, int to, boolean stale) throws IOException {
    if (lastChunkTimes >= 0) {
      entry.varint(lastChunkHead() | PartFormat.CHUNK_IS_FOLLOWED);
      entry.sized(lastChunk.bytes, 0, lastChunk.size);
      if (entry.size >= PartFormat.VALUES_PAGE) {
        addEntry();
        continued = true;
      }
    }
    lastChunk.clear();
    lastChunkTimes = times.number(timesMs, from, to);
    lastChunkStale = stale;
  }

  private long lastChunkHead() {
    long head = (long) lastChunkTimes << PartFormat.CHUNK_HEAD_BITS;
    return lastChunkStale ? head | PartFormat.CHUNK_HAS_STALE_MARKERS : head;
  }

  private void endChunk(long[] timesMs, int from, @Nullable ChunkAggregates known) {
    chunkCount++;
    seriesChunks++;
    aggregated |= known != null;
    AggregatesCodec.encode(known, timesMs, from, aggregates);
  }

  private void addEntry() throws IOException {
    long ordinal = labels.seriesCount() - 1L;
    valuePages.add(ordinal << 1 | (continued ? 1 : 0), entry.bytes, 0, entry.size);
    entry.clear();
  }

  private void endSeries() throws IOException {
    if (!begun || (!hasSamples && seriesExemplars.isEmpty())) {
      return;
    }
    if (hasSamples) {
      cutPending();
      entry.varint(lastChunkHead());
      entry.put(lastChunk.bytes, 0, lastChunk.size);
    } else {
      labels.add(seriesLabels, 0, seriesLength);
    }
    addEntry();
    addExemplars();
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

  /** They widen the series' range: it is in the part for them too. */
  private void addExemplars() throws IOException {
    if (seriesExemplars.isEmpty()) {
      return;
    }
    column.clear();
    ExemplarEntry.write(seriesExemplars, column);
    ChunkEntries.add(
        exemplarPages, columnEntry, labels.seriesCount() - 1, 0, column.bytes, column.size);
    long first = seriesExemplars.getFirst().timeMs();
    long last = seriesExemplars.getLast().timeMs();
    seriesFirstMs = hasSamples ? Math.min(seriesFirstMs, first) : first;
    seriesLastMs = hasSamples ? Math.max(seriesLastMs, last) : last;
    exemplarCount += seriesExemplars.size();
    seriesExemplars = List.of();
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

  /** Whether there is nothing to write a part for. */
  public boolean isEmpty() {
    return sampleCount == 0 && exemplarCount == 0 && seriesExemplars.isEmpty();
  }

  /**
   * Writes index and footer and publishes the object. At least one sample or exemplar must have
   * been added: ask {@link #isEmpty} first, and close then instead.
   *
   * @param minPosition least log position whose samples may be inside; see {@link PartEntry}
   */
  public PartEntry finish(long minPosition, long maxPosition, int level) throws IOException {
    endSeries();
    if (isEmpty()) {
      throw new IllegalStateException("a part without samples is not written");
    }
    byte[] footer = footer();
    return out.finish(
        footer,
        new PartWriter.Summary(
            sampleCount + exemplarCount, minTimeMs, maxTimeMs, minPosition, maxPosition, level));
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
    pages(PartFormat.HISTOGRAMS, histogramPages, section, footer);
    pages(PartFormat.AGGREGATES, aggregatePages, section, footer);
    if (!metadata.isEmpty()) {
      MetadataPages.write(metadata, out, section);
      section(PartFormat.METADATA, section, footer);
    }
    pages(PartFormat.EXEMPLARS, exemplarPages, section, footer);
    pages(PartFormat.STARTS, startPages, section, footer);
    return footer.toByteArray();
  }

  /** A section that is absent when it has no pages. */
  private static void pages(int kind, EntryPageWriter pages, ByteWriter section, ByteWriter footer)
      throws IOException {
    if (pages.pageCount() > 0) {
      pages.finish(section);
      section(kind, section, footer);
    }
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
