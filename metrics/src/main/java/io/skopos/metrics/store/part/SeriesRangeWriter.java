// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.chunk.IntegerEncoder;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.part.EntryPageWriter;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * First and last time of each series. Series of one target have the same ones, so a series stores
 * the number of its range: about a byte.
 */
final class SeriesRangeWriter {

  /** Numbers, or ranges, in one entry of a page. */
  static final int BLOCK = 1024;

  private final PartWriter out;
  private final Map<Range, Integer> known = new HashMap<>();
  private long[] firsts = new long[256];
  private long[] lengths = new long[256];
  private long[] numbers = new long[1024];
  private int rangeCount;
  private int seriesCount;

  SeriesRangeWriter(PartWriter out) {
    this.out = out;
  }

  /** The next series' range. */
  void add(long firstMs, long lastMs) {
    int number = known.computeIfAbsent(new Range(firstMs, lastMs), this::newRange);
    if (seriesCount == numbers.length) {
      numbers = Arrays.copyOf(numbers, seriesCount * 2);
    }
    numbers[seriesCount++] = number;
  }

  private int newRange(Range range) {
    if (rangeCount == firsts.length) {
      firsts = Arrays.copyOf(firsts, rangeCount * 2);
      lengths = Arrays.copyOf(lengths, rangeCount * 2);
    }
    firsts[rangeCount] = range.firstMs;
    lengths[rangeCount] = range.lastMs - range.firstMs;
    return rangeCount++;
  }

  void finish(ByteWriter section) throws IOException {
    IntegerEncoder encoder = new IntegerEncoder();
    ByteWriter block = new ByteWriter(4096);
    EntryPageWriter ranges =
        new EntryPageWriter(out, PartWriter.Codec.COMPRESSED, PartFormat.SMALL_PAGE);
    for (int from = 0; from < rangeCount; from += BLOCK) {
      int count = Math.min(BLOCK, rangeCount - from);
      block.clear();
      encoder.encode(firsts, from, count, block);
      encoder.encode(lengths, from, count, block);
      ranges.add(from / BLOCK, block.bytes, 0, block.size);
    }
    EntryPageWriter series =
        new EntryPageWriter(out, PartWriter.Codec.COMPRESSED, PartFormat.SMALL_PAGE);
    for (int from = 0; from < seriesCount; from += BLOCK) {
      block.clear();
      encoder.encode(numbers, from, Math.min(BLOCK, seriesCount - from), block);
      series.add(from / BLOCK, block.bytes, 0, block.size);
    }
    section.varint(rangeCount);
    ranges.finish(section);
    series.finish(section);
  }

  private record Range(long firstMs, long lastMs) {}
}
