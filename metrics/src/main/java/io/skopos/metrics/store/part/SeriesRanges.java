// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.chunk.IntegerDecoder;
import io.skopos.model.TimeRange;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.part.EntryPage;
import io.skopos.storage.part.PageList;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PinnedPage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/**
 * Reads what {@link SeriesRangeWriter} wrote; a {@link Cursor} reads single ones. Which series lie
 * outside of a time range is asked again and again with the same answer while the time goes on, so
 * the last answers are kept, within a bound. Thread-safe.
 */
final class SeriesRanges {

  private static final int BLOCK = SeriesRangeWriter.BLOCK;

  /** Of more distinct ranges the ends are not kept. */
  private static final int MAX_BOUNDS = 4096;

  private static final int OUTSIDE_KEPT = 4;

  /** Fewer series are looked up one by one, unless the answer is there already. */
  private static final int FEW = 256;

  private final int rangeCount;
  private final int seriesCount;
  private final PageList ranges;
  private final PageList series;
  private volatile @Nullable Bounds bounds;
  private final Map<BitSet, RoaringBitmap> outside =
      new LinkedHashMap<>(OUTSIDE_KEPT * 2, 0.75f, true);

  /** The ends of all distinct ranges. */
  private record Bounds(long[] firstMs, long[] lastMs) {}

  SeriesRanges(ByteReader section, int seriesCount, long partLength) {
    this.seriesCount = seriesCount;
    this.rangeCount = section.count(seriesCount, "ranges");
    this.ranges = PageList.read(section, partLength);
    this.series = PageList.read(section, partLength);
  }

  long heapBytes() {
    // What is kept comes and goes; an allowance keeps the charge steady.
    return ranges.heapBytes()
        + series.heapBytes()
        + 16L * Math.min(rangeCount, MAX_BOUNDS)
        + Math.min(64 << 10, seriesCount / 8);
  }

  long storedBytes() {
    return ranges.storedBytes() + series.storedBytes();
  }

  void addPages(List<PageRef> into) {
    ranges.addTo(into);
    series.addTo(into);
  }

  Cursor cursor(PartReader reader) {
    return new Cursor(reader);
  }

  /**
   * Which of the distinct ranges do not touch this one. Equal answers mean the same series; null
   * when there are too many ranges to tell.
   */
  @Nullable BitSet notTouching(PartReader reader, TimeRange wanted) throws IOException {
    if (rangeCount > MAX_BOUNDS) {
      return null;
    }
    Bounds known = bounds;
    if (known == null) {
      known = readBounds(reader);
      bounds = known;
    }
    BitSet apart = new BitSet();
    for (int i = 0; i < rangeCount; i++) {
      if (!wanted.overlaps(known.firstMs[i], known.lastMs[i])) {
        apart.set(i);
      }
    }
    return apart;
  }

  private Bounds readBounds(PartReader reader) throws IOException {
    Bounds all = new Bounds(new long[rangeCount], new long[rangeCount]);
    try (Cursor cursor = cursor(reader)) {
      for (int i = 0; i < rangeCount; i++) {
        cursor.range(i);
        all.firstMs[i] = cursor.firstMs;
        all.lastMs[i] = cursor.lastMs;
      }
    }
    return all;
  }

  /** Leaves only the series whose range touches {@code wanted}; may change the candidates. */
  RoaringBitmap touching(PartReader reader, RoaringBitmap candidates, TimeRange wanted)
      throws IOException {
    BitSet apart = notTouching(reader, wanted);
    if (apart == null) {
      return touchingOneByOne(reader, candidates, wanted);
    }
    int count = apart.cardinality();
    if (count == 0) {
      return candidates;
    }
    if (count == rangeCount) {
      return new RoaringBitmap();
    }
    RoaringBitmap known = known(apart);
    if (known == null) {
      if (candidates.getCardinality() < FEW) {
        return touchingOneByOne(reader, candidates, wanted);
      }
      known = readOutside(reader, apart);
      remember(apart, known);
    }
    candidates.andNot(known);
    return candidates;
  }

  private @Nullable RoaringBitmap known(BitSet apart) {
    synchronized (outside) {
      return outside.get(apart);
    }
  }

  private void remember(BitSet apart, RoaringBitmap series) {
    if (series.getSizeInBytes() > (64 << 10) / OUTSIDE_KEPT) {
      return;
    }
    synchronized (outside) {
      outside.put(apart, series);
      if (outside.size() > OUTSIDE_KEPT) {
        outside.remove(outside.keySet().iterator().next());
      }
    }
  }

  /** The series that have one of these ranges. */
  private RoaringBitmap readOutside(PartReader reader, BitSet apart) throws IOException {
    BitSet found = new BitSet(seriesCount);
    try (Cursor cursor = cursor(reader)) {
      for (int ordinal = 0; ordinal < seriesCount; ordinal++) {
        if (apart.get((int) cursor.number(ordinal))) {
          found.set(ordinal);
        }
      }
    }
    RoaringBitmap series = BitSetUtil.bitmapOf(found);
    series.runOptimize();
    return series;
  }

  private RoaringBitmap touchingOneByOne(
      PartReader reader, RoaringBitmap candidates, TimeRange wanted) throws IOException {
    RoaringBitmapWriter<RoaringBitmap> kept = RoaringBitmapWriter.writer().get();
    try (Cursor cursor = cursor(reader)) {
      PeekableIntIterator ordinals = candidates.getIntIterator();
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
      range((int) number(ordinal));
    }

    private void range(int number) throws IOException {
      readRanges(number / BLOCK);
      int index = number % BLOCK;
      firstMs = firsts[index];
      lastMs = firstMs + lengths[index];
      if (lastMs < firstMs) {
        throw rangePages.damaged(new DamagedBytes("a range from " + firstMs + " to " + lastMs));
      }
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
      long number = numbers[ordinal % BLOCK];
      if (number < 0 || number >= rangeCount) {
        throw seriesPages.damaged(new DamagedBytes("range " + number + " of " + rangeCount));
      }
      return number;
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
