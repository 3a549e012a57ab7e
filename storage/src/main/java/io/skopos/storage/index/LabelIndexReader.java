// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.part.PageList;
import io.skopos.storage.part.PageReadAhead;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PinnedPage;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.RoaringBitmap;

/**
 * The label index of an open part. On the heap stand the label names and the page lists; values,
 * postings and label sets stay in pages and are read through the page cache, a binary search over
 * blocks of 16. What patterns matched is kept, within a bound: it cannot change. Thread-safe.
 */
public final class LabelIndexReader implements LabelIndex {

  private static final int PATTERNS_KEPT = 32;

  /** Indexes of up to this many bytes are fetched whole before they are searched. */
  private static final long READ_AHEAD = 2L << 20;

  private final PartReader reader;
  private final int seriesCount;
  private final PageList labelPages;
  private final PageList valuePages;
  private final PageList postingsPages;
  private final NameEntry[] names;
  private final long heapBytes;
  private final Map<PatternKey, RoaringBitmap> patterns = new LinkedHashMap<>(16, 0.75f, true);

  private LabelIndexReader(PartReader reader, ByteReader in) {
    this.reader = reader;
    long length = reader.entry().length();
    this.seriesCount = in.count(Integer.MAX_VALUE - 1, "series");
    this.labelPages = PageList.read(in, length);
    this.valuePages = PageList.read(in, length);
    this.postingsPages = PageList.read(in, length);
    this.names = new NameEntry[in.count(in.remaining() / 5, "label names")];
    long bytes = labelPages.heapBytes() + valuePages.heapBytes() + postingsPages.heapBytes();
    for (int i = 0; i < names.length; i++) {
      names[i] = new NameEntry(in, seriesCount);
      bytes += 72 + names[i].name.length;
      if (i > 0 && Arrays.compareUnsigned(names[i - 1].name, names[i].name) >= 0) {
        throw new DamagedBytes("label names do not ascend");
      }
    }
    // Postings of patterns come and go; an allowance keeps the charge steady.
    this.heapBytes = bytes + Math.min(256 << 10, seriesCount / 2);
  }

  /**
   * @param footer at what {@link LabelIndexWriter#finish} appended
   * @throws DamagedBytes when it is not
   */
  public static LabelIndexReader open(PartReader reader, ByteReader footer) {
    return new LabelIndexReader(reader, footer);
  }

  public long heapBytes() {
    return heapBytes;
  }

  /** Every page of the index, for those that check them. */
  public void addPages(List<PageRef> into) {
    labelPages.addTo(into);
    valuePages.addTo(into);
    postingsPages.addTo(into);
  }

  /** Bytes on disk of the index' pages. */
  public long storedBytes() {
    return labelPages.storedBytes() + valuePages.storedBytes() + postingsPages.storedBytes();
  }

  /** For figures and status pages. */
  public String storedBytesByKind() {
    return "label sets "
        + labelPages.storedBytes()
        + ", values "
        + valuePages.storedBytes()
        + ", postings "
        + postingsPages.storedBytes();
  }

  /** Adds what a selection is likely to read. */
  public void readAhead(PageReadAhead ahead) {
    ahead.addSmall(valuePages, READ_AHEAD);
    ahead.addSmall(postingsPages, READ_AHEAD);
  }

  /** Adds the label sets of these series, which ascend. */
  public void readAhead(int[] ordinals, PageReadAhead ahead) {
    for (int ordinal : ordinals) {
      ahead.add(labelPages, labelPages.pageOf(ordinal / LabelIndexWriter.BLOCK));
    }
  }

  /** Reads label sets; close it. */
  public SeriesLabels labels() {
    return new SeriesLabels(new PinnedPage(reader, labelPages), seriesCount);
  }

  @Override
  public int seriesCount() {
    return seriesCount;
  }

  @Override
  public RoaringBitmap postings(byte[] name, byte[] value) throws IOException {
    NameEntry entry = find(name);
    if (entry == null) {
      return new RoaringBitmap();
    }
    try (ValueCursor cursor = cursor(entry)) {
      return cursor.seek(value) ? cursor.postings() : new RoaringBitmap();
    }
  }

  @Override
  public RoaringBitmap postings(byte[] name) throws IOException {
    NameEntry entry = find(name);
    if (entry == null) {
      return new RoaringBitmap();
    }
    try (ValueCursor cursor = cursor(entry)) {
      return cursor.nameSeries();
    }
  }

  @Override
  public int valueCount(byte[] name) {
    NameEntry entry = find(name);
    return entry == null ? 0 : entry.valueCount;
  }

  @Override
  public void names(Visitor visitor) throws IOException {
    for (NameEntry entry : names) {
      Postings postings =
          () -> {
            try (ValueCursor cursor = cursor(entry)) {
              return cursor.nameSeries();
            }
          };
      if (!visitor.visit(entry.name, entry.name.length, entry.seriesCount, postings)) {
        return;
      }
    }
  }

  @Override
  public void values(byte[] name, Visitor visitor) throws IOException {
    NameEntry entry = find(name);
    if (entry == null) {
      return;
    }
    try (ValueCursor cursor = cursor(entry)) {
      Postings postings =
          new Postings() {
            @Override
            public RoaringBitmap read() throws IOException {
              return cursor.postings();
            }

            @Override
            public void runs(RunVisitor runs) throws IOException {
              cursor.postings(runs);
            }
          };
      while (cursor.next()) {
        if (!visitor.visit(cursor.value(), cursor.valueLength(), cursor.series(), postings)) {
          return;
        }
      }
    }
  }

  @Override
  public RoaringBitmap matching(byte[] name, LabelPattern pattern, boolean accepted)
      throws IOException {
    NameEntry entry = find(name);
    if (entry == null) {
      return new RoaringBitmap();
    }
    PatternKey key = new PatternKey(entry, pattern.source(), accepted);
    RoaringBitmap known;
    synchronized (patterns) {
      known = patterns.get(key);
    }
    if (known == null) {
      known = walk(entry, pattern, accepted);
      remember(key, known);
    }
    return known.clone();
  }

  private RoaringBitmap walk(NameEntry entry, LabelPattern pattern, boolean accepted)
      throws IOException {
    RoaringBitmap matching = new RoaringBitmap();
    List<byte[]> literals = pattern.literals();
    try (ValueCursor cursor = cursor(entry)) {
      if (literals != null && accepted) {
        for (byte[] literal : literals) {
          if (cursor.seek(literal)) {
            matching.or(cursor.postings());
          }
        }
        return matching;
      }
      BitSet scattered = new BitSet(seriesCount);
      while (cursor.next()) {
        if (pattern.matches(cursor.value(), 0, cursor.valueLength()) == accepted) {
          cursor.postings((from, to) -> scattered.set(from, to + 1));
        }
      }
      matching = BitSetUtil.bitmapOf(scattered);
    }
    matching.runOptimize();
    return matching;
  }

  private void remember(PatternKey key, RoaringBitmap series) {
    if (series.getSizeInBytes() > (256 << 10) / 8) {
      return;
    }
    synchronized (patterns) {
      patterns.put(key, series);
      if (patterns.size() > PATTERNS_KEPT) {
        patterns.remove(patterns.keySet().iterator().next());
      }
    }
  }

  private ValueCursor cursor(NameEntry entry) {
    return new ValueCursor(
        new PinnedPage(reader, valuePages),
        new PinnedPage(reader, postingsPages),
        entry,
        seriesCount);
  }

  private @Nullable NameEntry find(byte[] name) {
    int low = 0;
    int high = names.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Arrays.compareUnsigned(names[middle].name, name);
      if (order == 0) {
        return names[middle];
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  /** One label name: how many values and series, its first block of values, its own postings. */
  static final class NameEntry {

    final byte[] name;
    final int valueCount;
    final int seriesCount;
    final long firstBlock;
    final long postings;

    NameEntry(ByteReader in, int allSeries) {
      name = in.sized();
      valueCount = in.count(Integer.MAX_VALUE, "label values");
      seriesCount = in.count(allSeries, "series");
      firstBlock = in.varint();
      postings = in.varint();
    }
  }

  private record PatternKey(NameEntry name, String pattern, boolean accepted) {}
}
