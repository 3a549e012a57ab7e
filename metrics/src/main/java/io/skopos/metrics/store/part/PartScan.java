// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.chunk.TimeColumn;
import io.skopos.metrics.store.chunk.ValueDecoder;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.index.SeriesLabels;
import io.skopos.storage.part.EntryPage;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PinnedPage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads one part's series; see {@link MetricsPart.Scan}. */
final class PartScan implements MetricsPart.Scan {

  private final PartReader reader;
  private final PartFooter footer;
  private final PinnedPage valuePages;
  private final TimeColumns times;
  private final ValueDecoder values = new ValueDecoder();
  private @Nullable SeriesLabels labels;
  private SeriesRanges.@Nullable Cursor ranges;
  private @Nullable AggregatePages aggregates;
  private byte[] bytes = new byte[4096];
  private final ByteReader entry = new ByteReader(bytes, 0, 0);
  private final ByteReader chunkValues = new ByteReader(bytes, 0, 0);

  PartScan(PartReader reader, PartFooter footer) {
    this.reader = reader;
    this.footer = footer;
    valuePages = new PinnedPage(reader, footer.values);
    times = new TimeColumns(reader, footer);
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
        (column, known, encoded) -> {
          if (column.firstMs() > toMs) {
            return false;
          }
          decode(column, encoded, fromMs, toMs, into);
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
        (column, known, encoded) -> {
          if (column.firstMs() > toMs) {
            return false;
          }
          if (known != null && column.firstMs() >= fromMs && column.lastMs() <= toMs) {
            whole.accept(known);
          } else {
            decode(column, encoded, fromMs, toMs, into);
          }
          return true;
        },
        true);
  }

  private void decode(
      TimeColumn column, ByteReader encoded, long fromMs, long toMs, SampleBuffer into) {
    int from = column.indexFrom(fromMs);
    int to = toMs >= column.lastMs() ? column.size() : column.indexFrom(toMs + 1);
    if (from >= to) {
      return;
    }
    into.ensure(to - from);
    values.decode(encoded, column.size(), from, to, into.values, into.size);
    column.copy(from, to, into.timesMs, into.size);
    into.size += to - from;
  }

  /**
   * Visits the series' chunks in time order, those that end before {@code fromMs} left out, until
   * the visitor has enough.
   */
  void chunks(int ordinal, long fromMs, ChunkVisitor visitor, boolean withAggregates)
      throws IOException {
    check(ordinal);
    ByteReader known = withAggregates ? aggregatesOf(ordinal) : null;
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
          if (!visitor.chunk(chunkTimes, whole, chunkValues)) {
            return false;
          }
        }
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

  /** One chunk as it stands in the part. */
  @FunctionalInterface
  interface ChunkVisitor {

    /**
     * @param values the encoded values; valid during the call
     * @return false to stop
     */
    boolean chunk(TimeColumn times, @Nullable ChunkAggregates known, ByteReader values)
        throws IOException;
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
  }
}
