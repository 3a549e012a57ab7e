// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.SampleAggregates;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource.AggregatesTest;
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
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;
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
  private final OpenChunk chunk = new OpenChunk();

  // Of the series whose chunks are visited.
  private int visited;
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
        view -> {
          if (view.times().firstMs() > toMs) {
            return false;
          }
          decode(view, fromMs, toMs, into);
          return true;
        },
        false);
  }

  @Override
  public void readTimes(int ordinal, long fromMs, long toMs, SampleBuffer into) throws IOException {
    chunks(
        ordinal,
        fromMs,
        view -> {
          if (view.times().firstMs() > toMs) {
            return false;
          }
          if (view.hasStaleMarkers() || hasHistograms) {
            decode(view, fromMs, toMs, into);
          } else {
            copyTimes(view.times(), fromMs, toMs, into);
          }
          return true;
        },
        false);
  }

  private static void copyTimes(TimeColumn column, long fromMs, long toMs, SampleBuffer into) {
    int from = column.indexFrom(fromMs);
    int to = toMs >= column.lastMs() ? column.size() : column.indexFrom(toMs + 1);
    if (from < to) {
      into.ensure(to - from);
      column.copy(from, to, into.timesMs, into.size);
      Arrays.fill(into.values, into.size, into.size + to - from, 0);
      into.size += to - from;
    }
  }

  @Override
  public void readAggregated(
      int ordinal,
      long fromMs,
      long toMs,
      AggregatesTest fits,
      SampleBuffer into,
      Consumer<SampleAggregates> whole)
      throws IOException {
    chunks(
        ordinal,
        fromMs,
        view -> {
          if (view.times().firstMs() > toMs) {
            return false;
          }
          ChunkAggregates known = hasHistograms || hasStarts ? null : view.known();
          if (known == null) {
            decode(view, fromMs, toMs, into);
          } else {
            readSpans(view, known, new TimeRange(fromMs, toMs), fits, into, whole);
          }
          return true;
        },
        true);
  }

  /** Decodes only the spans that do not fit, neighbours together. */
  private void readSpans(
      ChunkView view,
      ChunkAggregates known,
      TimeRange range,
      AggregatesTest fits,
      SampleBuffer into,
      Consumer<SampleAggregates> whole)
      throws IOException {
    TimeColumn column = view.times();
    int begin = 0;
    int decodedTo = 0;
    for (ChunkAggregates.Span span : known.spans()) {
      int end = begin + span.samples();
      long first = column.timeMs(begin);
      long last = column.timeMs(end - 1);
      SampleAggregates some = span.known();
      if (some != null
          && range.contains(first)
          && range.contains(last)
          && fits.test(some.firstTimeMs(), some.lastTimeMs())) {
        decodeBetween(view, decodedTo, begin, range, into);
        whole.accept(some);
        decodedTo = end;
      }
      begin = end;
    }
    decodeBetween(view, decodedTo, begin, range, into);
  }

  private void decodeBetween(ChunkView view, int from, int to, TimeRange range, SampleBuffer into)
      throws IOException {
    if (from < to) {
      TimeColumn column = view.times();
      decode(
          view,
          Math.max(range.fromMs(), column.timeMs(from)),
          Math.min(range.toMs(), column.timeMs(to - 1)),
          into);
    }
  }

  private void decode(ChunkView view, long fromMs, long toMs, SampleBuffer into)
      throws IOException {
    TimeColumn column = view.times();
    int from = column.indexFrom(fromMs);
    int to = toMs >= column.lastMs() ? column.size() : column.indexFrom(toMs + 1);
    if (from >= to) {
      return;
    }
    into.ensure(to - from);
    values.decode(view.values(), column.size(), from, to, into.values, into.size);
    column.copy(from, to, into.timesMs, into.size);
    ByteReader ownHistograms = view.histograms();
    if (ownHistograms != null && histograms != null) {
      try {
        histogramDecoder.decode(
            ownHistograms, column.size(), from, to, into.values, into.withHistograms(), into.size);
      } catch (DamagedBytes e) {
        throw histograms.damaged(e);
      }
    }
    ByteReader ownStarts = view.starts();
    if (ownStarts != null && starts != null) {
      try {
        startCodec.decode(ownStarts, column, from, to, into.withStarts(), into.size);
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
    visited = ordinal;
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
      chunk.enter(
          valuePages.page(pageNumber), ordinal - (valuePages.pages().firstKey(pageNumber) >>> 1));
      while (chunk.next()) {
        ChunkAggregates whole = known == null ? null : AggregatesCodec.decode(known, chunk.times());
        if (chunk.times().lastMs() >= fromMs) {
          chunk.known = whole;
          if (!visitor.chunk(chunk)) {
            return false;
          }
        }
        chunkNumber++;
      }
      return true;
    } catch (DamagedBytes e) {
      throw valuePages.damaged(e);
    }
  }

  /** Goes through the chunks of one entry; what is in them stays in the page until it is wanted. */
  private final class OpenChunk implements ChunkView {

    private byte[] bytes = new byte[4096];
    private final ByteReader values = new ByteReader(bytes, 0, 0);
    private MemorySegment page = MemorySegment.NULL;
    private int position;
    private int end;
    private int from;
    private int to;
    private @Nullable TimeColumn column;
    private boolean stale;
    private @Nullable ChunkAggregates known;

    /** Before the first chunk; an entry without any has nothing but exemplars. */
    private void enter(MemorySegment newPage, long entry) {
      page = newPage;
      end = EntryPage.end(page, entry);
      position = EntryPage.start(page, entry);
    }

    private boolean next() throws IOException {
      if (position >= end) {
        return false;
      }
      long head = varint();
      long number = head >>> PartFormat.CHUNK_HEAD_BITS;
      long length = (head & PartFormat.CHUNK_IS_FOLLOWED) != 0 ? varint() : end - position;
      if (number >= footer.timeColumnCount) {
        throw new DamagedBytes("time column " + number + " of " + footer.timeColumnCount);
      }
      if (length < 0 || length > end - position) {
        throw new DamagedBytes(
            "a chunk of " + length + " bytes where " + (end - position) + " are left");
      }
      stale = (head & PartFormat.CHUNK_HAS_STALE_MARKERS) != 0;
      from = position;
      position += (int) length;
      to = position;
      column = PartScan.this.times.get((int) number);
      return true;
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        if (position >= end) {
          throw new DamagedBytes("a varint runs past the end at byte " + end);
        }
        byte next = page.get(ValueLayout.JAVA_BYTE, position++);
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new DamagedBytes("a varint of more than 10 bytes ends at byte " + position);
    }

    @Override
    public TimeColumn times() {
      return Objects.requireNonNull(column);
    }

    @Override
    public boolean hasStaleMarkers() {
      return stale;
    }

    @Override
    public @Nullable ChunkAggregates known() {
      return known;
    }

    @Override
    public ByteReader values() {
      bytes = EntryPage.copy(page, from, to, bytes);
      values.reset(bytes, 0, to - from);
      return values;
    }

    @Override
    public @Nullable ByteReader histograms() throws IOException {
      return hasHistograms && histograms != null ? histograms.of(visited, chunkNumber) : null;
    }

    @Override
    public @Nullable ByteReader starts() throws IOException {
      return hasStarts && starts != null ? starts.of(visited, chunkNumber) : null;
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
