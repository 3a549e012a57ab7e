// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.chunk.HistogramDecoder;
import io.skopos.metrics.store.chunk.StartCodec;
import io.skopos.metrics.store.chunk.TimeColumn;
import io.skopos.metrics.store.chunk.ValueDecoder;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.index.SeriesLabels;
import io.skopos.storage.part.EntryPage;
import io.skopos.storage.part.PageList;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PinnedPage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/** Reads one part's series; see {@link MetricsPart.Scan}. */
final class PartScan implements MetricsPart.Scan {

  private final PartReader reader;
  private final PartFooter footer;
  private final PinnedPage valuePages;
  private final TimeColumns times;
  private final ValueDecoder values = new ValueDecoder();
  private final HistogramDecoder histogramDecoder = new HistogramDecoder();
  private final StartCodec startCodec = new StartCodec();
  private @Nullable SeriesLabels labels;
  private SeriesRanges.@Nullable Cursor ranges;
  private @Nullable AggregatePages aggregates;
  private final @Nullable ChunkEntries histograms;
  private final @Nullable ChunkEntries starts;
  private final @Nullable ChunkEntries exemplars;
  private byte[] bytes = new byte[4096];
  private final ByteReader entry = new ByteReader(bytes, 0, 0);
  private final ByteReader chunkValues = new ByteReader(bytes, 0, 0);

  // Of the series whose chunks are visited.
  private long chunkNumber;
  private boolean hasHistograms;
  private boolean hasStarts;

  PartScan(PartReader reader, PartFooter footer) {
    this.reader = reader;
    this.footer = footer;
    valuePages = new PinnedPage(reader, footer.values);
    times = new TimeColumns(reader, footer);
    histograms = entries(footer.histograms);
    starts = entries(footer.starts);
    exemplars = entries(footer.exemplars);
  }

  private @Nullable ChunkEntries entries(@Nullable PageList pages) {
    return pages == null ? null : new ChunkEntries(reader, pages);
  }

  @Override
  public Labels labels(int ordinal) throws IOException {
    return Labels.ofCanonicalBytes(canonicalLabels(ordinal));
  }

  byte[] canonicalLabels(int ordinal) throws IOException {
    if (labels == null) {
      labels = footer.labels.labels();
    }
    return labels.canonical(ordinal);
  }

  @Override
  public TimeRange range(int ordinal) throws IOException {
    check(ordinal);
    if (ranges == null) {
      ranges = footer.ranges.cursor(reader);
    }
    ranges.seek(ordinal);
    return new TimeRange(ranges.firstMs, ranges.lastMs);
  }

  @Override
  public void read(int ordinal, long fromMs, long toMs, SampleBuffer into) throws IOException {
    chunks(
        ordinal,
        fromMs,
        chunk -> {
          if (chunk.times().firstMs() > toMs) {
            return false;
          }
          decode(chunk, fromMs, toMs, into);
          return true;
        },
        false);
  }

  @Override
  public void readAggregated(
      int ordinal, long fromMs, long toMs, SampleBuffer into, Consumer<ChunkAggregates> whole)
      throws IOException {
    chunks(
        ordinal,
        fromMs,
        chunk -> {
          TimeColumn column = chunk.times();
          if (column.firstMs() > toMs) {
            return false;
          }
          ChunkAggregates known = chunk.known();
          if (known != null && column.firstMs() >= fromMs && column.lastMs() <= toMs) {
            whole.accept(known);
          } else {
            decode(chunk, fromMs, toMs, into);
          }
          return true;
        },
        true);
  }

  private void decode(ChunkView chunk, long fromMs, long toMs, SampleBuffer into)
      throws IOException {
    TimeColumn column = chunk.times();
    int from = column.indexFrom(fromMs);
    int to = toMs >= column.lastMs() ? column.size() : column.indexFrom(toMs + 1);
    if (from >= to) {
      return;
    }
    into.ensure(to - from);
    values.decode(chunk.values(), column.size(), from, to, into.values, into.size);
    column.copy(from, to, into.timesMs, into.size);
    if (chunk.histograms() != null && histograms != null) {
      try {
        histogramDecoder.decode(
            chunk.histograms(),
            column.size(),
            from,
            to,
            into.values,
            into.withHistograms(),
            into.size);
      } catch (DamagedBytes e) {
        throw histograms.damaged(e);
      }
    }
    if (chunk.starts() != null && starts != null) {
      try {
        startCodec.decode(chunk.starts(), column, from, to, into.withStarts(), into.size);
      } catch (DamagedBytes e) {
        throw starts.damaged(e);
      }
    }
    into.size += to - from;
  }

  @Override
  public void exemplars(RoaringBitmap ordinals, TimeRange range, ObjIntConsumer<Exemplar> visitor)
      throws IOException {
    if (exemplars == null) {
      return;
    }
    PeekableIntIterator wanted = ordinals.getIntIterator();
    while (wanted.hasNext()) {
      int found = exemplars.seek(wanted.peekNext());
      if (found < 0) {
        return;
      }
      wanted.advanceIfNeeded(found);
      if (!ordinals.contains(found)) {
        continue;
      }
      wanted.next();
      ByteReader own = exemplars.of(found, 0);
      if (own == null) {
        continue;
      }
      try {
        for (Exemplar exemplar : ExemplarEntry.read(own)) {
          if (range.contains(exemplar.timeMs())) {
            visitor.accept(exemplar, found);
          }
        }
      } catch (DamagedBytes e) {
        throw exemplars.damaged(e);
      }
    }
  }

  /**
   * Visits the series' chunks in time order, those that end before {@code fromMs} left out, until
   * the visitor has enough.
   */
  void chunks(int ordinal, long fromMs, ChunkVisitor visitor, boolean withAggregates)
      throws IOException {
    check(ordinal);
    ByteReader known = withAggregates ? aggregatesOf(ordinal) : null;
    chunkNumber = 0;
    hasHistograms = histograms != null && histograms.seek(ordinal) == ordinal;
    hasStarts = starts != null && starts.seek(ordinal) == ordinal;
    long key = (long) ordinal << 1;
    int pageNumber = valuePages.pages().pageOf(key);
    boolean more = true;
    for (int number = pageNumber; more; number++) {
      more = visitEntry(number, ordinal, fromMs, known, visitor);
      boolean continues =
          number + 1 < valuePages.pages().count()
              && valuePages.pages().firstKey(number + 1) == (key | 1);
      more &= continues;
    }
  }

  private @Nullable ByteReader aggregatesOf(int ordinal) throws IOException {
    if (footer.aggregates == null) {
      return null;
    }
    if (aggregates == null) {
      aggregates = new AggregatePages(reader, footer.aggregates);
    }
    return aggregates.of(ordinal);
  }

  /** Chunks of one page; false when the visitor has enough. */
  private boolean visitEntry(
      int pageNumber, int ordinal, long fromMs, @Nullable ByteReader known, ChunkVisitor visitor)
      throws IOException {
    try {
      MemorySegment page = valuePages.page(pageNumber);
      long at = ordinal - (valuePages.pages().firstKey(pageNumber) >>> 1);
      int end = EntryPage.end(page, at);
      int start = EntryPage.start(page, at);
      bytes = EntryPage.copy(page, start, end, bytes);
      entry.reset(bytes, 0, end - start);
      if (entry.remaining() == 0) {
        return true; // nothing but exemplars
      }
      while (true) {
        long head = entry.varint();
        boolean last = (head & 1) == 0;
        long column = head >>> 1;
        int length = last ? entry.remaining() : entry.count(entry.remaining(), "bytes of a chunk");
        if (column >= footer.timeColumnCount) {
          throw new DamagedBytes("time column " + column + " of " + footer.timeColumnCount);
        }
        int from = entry.position();
        entry.skip(length);
        TimeColumn chunkTimes = times.get((int) column);
        ChunkAggregates whole =
            known == null ? null : AggregatesCodec.decode(known, chunkTimes.bounds());
        if (chunkTimes.lastMs() >= fromMs) {
          chunkValues.reset(bytes, from, from + length);
          ChunkView chunk =
              new ChunkView(
                  chunkTimes,
                  whole,
                  chunkValues,
                  hasHistograms && histograms != null ? histograms.of(ordinal, chunkNumber) : null,
                  hasStarts && starts != null ? starts.of(ordinal, chunkNumber) : null);
          if (!visitor.chunk(chunk)) {
            return false;
          }
        }
        chunkNumber++;
        if (last || entry.remaining() == 0) {
          return true;
        }
      }
    } catch (DamagedBytes e) {
      throw valuePages.damaged(e);
    }
  }

  private void check(int ordinal) {
    if (ordinal < 0 || ordinal >= footer.seriesCount) {
      throw new IndexOutOfBoundsException("series " + ordinal + " of " + footer.seriesCount);
    }
  }

  /** Looks at chunks in turn. */
  @FunctionalInterface
  interface ChunkVisitor {

    /** False to stop. */
    boolean chunk(ChunkView chunk) throws IOException;
  }

  @Override
  public void close() {
    valuePages.close();
    times.close();
    if (labels != null) {
      labels.close();
    }
    if (ranges != null) {
      ranges.close();
    }
    if (aggregates != null) {
      aggregates.close();
    }
    if (histograms != null) {
      histograms.close();
    }
    if (starts != null) {
      starts.close();
    }
    if (exemplars != null) {
      exemplars.close();
    }
  }
}
