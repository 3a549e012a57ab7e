// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.chunk.IntegerDecoder;
import io.skopos.model.TimeRange;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.part.EntryPage;
import io.skopos.storage.part.PageList;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PinnedPage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/** Reads what {@link SeriesRangeWriter} wrote. Immutable; a {@link Cursor} reads. */
final class SeriesRanges {

  private static final int BLOCK = SeriesRangeWriter.BLOCK;

  private final int rangeCount;
  private final int seriesCount;
  private final PageList ranges;
  private final PageList series;

  SeriesRanges(ByteReader section, int seriesCount, long partLength) {
    this.seriesCount = seriesCount;
    this.rangeCount = section.count(seriesCount, "ranges");
    this.ranges = PageList.read(section, partLength);
    this.series = PageList.read(section, partLength);
  }

  long heapBytes() {
    return ranges.heapBytes() + series.heapBytes();
  }

  long storedBytes() {
    return ranges.storedBytes() + series.storedBytes();
  }

  Cursor cursor(PartReader reader) {
    return new Cursor(reader);
  }

  /** Leaves only the series whose range touches {@code wanted}. */
  RoaringBitmap touching(PartReader reader, RoaringBitmap candidates, TimeRange wanted)
      throws IOException {
    RoaringBitmapWriter<RoaringBitmap> kept = RoaringBitmapWriter.writer().get();
    try (Cursor cursor = cursor(reader)) {
      if (rangeCount <= BLOCK && cursor.allTouch(wanted)) {
        return candidates;
      }
      var ordinals = candidates.getIntIterator();
      while (ordinals.hasNext()) {
        int ordinal = ordinals.next();
        cursor.seek(ordinal);
        if (wanted.overlaps(cursor.firstMs, cursor.lastMs)) {
          kept.add(ordinal);
        }
      }
    }
    return kept.get();
  }

  /** One series' range after the other; cheap in ascending order. Not thread-safe. */
  final class Cursor implements AutoCloseable {

    private final PinnedPage rangePages;
    private final PinnedPage seriesPages;
    private byte[] bytes = new byte[1024];
    private final ByteReader block = new ByteReader(bytes, 0, 0);
    private final long[] numbers = new long[BLOCK];
    private final long[] firsts = new long[BLOCK];
    private final long[] lengths = new long[BLOCK];
    private int seriesBlock = -1;
    private int rangeBlock = -1;
    long firstMs;
    long lastMs;

    private Cursor(PartReader reader) {
      rangePages = new PinnedPage(reader, ranges);
      seriesPages = new PinnedPage(reader, series);
    }

    void seek(int ordinal) throws IOException {
      long number = number(ordinal);
      if (number < 0 || number >= rangeCount) {
        throw seriesPages.damaged(new DamagedBytes("range " + number + " of " + rangeCount));
      }
      readRanges((int) number / BLOCK);
      int index = (int) number % BLOCK;
      firstMs = firsts[index];
      lastMs = firstMs + lengths[index];
      if (lastMs < firstMs) {
        throw rangePages.damaged(new DamagedBytes("a range from " + firstMs + " to " + lastMs));
      }
    }

    /**
     * Whether all ranges touch this one; they must be one block. A scrape's series share theirs.
     */
    private boolean allTouch(TimeRange wanted) throws IOException {
      readRanges(0);
      for (int i = 0; i < rangeCount; i++) {
        if (!wanted.overlaps(firsts[i], firsts[i] + lengths[i])) {
          return false;
        }
      }
      return true;
    }

    private void readRanges(int wanted) throws IOException {
      if (wanted == rangeBlock) {
        return;
      }
      rangeBlock = -1;
      try {
        int count = Math.min(BLOCK, rangeCount - wanted * BLOCK);
        open(rangePages, wanted);
        IntegerDecoder.decode(block, count, count, firsts);
        IntegerDecoder.decode(block, count, count, lengths);
      } catch (DamagedBytes e) {
        throw rangePages.damaged(e);
      }
      rangeBlock = wanted;
    }

    private long number(int ordinal) throws IOException {
      int wanted = ordinal / BLOCK;
      if (wanted != seriesBlock) {
        seriesBlock = -1;
        try {
          int count = Math.min(BLOCK, seriesCount - wanted * BLOCK);
          open(seriesPages, wanted);
          IntegerDecoder.decode(block, count, count, numbers);
        } catch (DamagedBytes e) {
          throw seriesPages.damaged(e);
        }
        seriesBlock = wanted;
      }
      return numbers[ordinal % BLOCK];
    }

    private void open(PinnedPage pages, int number) throws IOException {
      int pageNumber = pages.pages().pageOf(number);
      MemorySegment page = pages.page(pageNumber);
      long entry = number - pages.pages().firstKey(pageNumber);
      int end = EntryPage.end(page, entry);
      int start = EntryPage.start(page, entry);
      bytes = EntryPage.copy(page, start, end, bytes);
      block.reset(bytes, 0, end - start);
    }

    @Override
    public void close() {
      rangePages.close();
      seriesPages.close();
    }
  }
}
