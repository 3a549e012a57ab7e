// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import io.skopos.logs.store.column.ColumnEncoder;
import io.skopos.logs.store.column.PageSink;
import io.skopos.logs.store.column.TimeColumn;
import io.skopos.logs.store.column.Values;
import io.skopos.model.Labels;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects rows by stream and time until they make a block, and writes it. Not thread-safe. */
final class BlockBuilder {

  /** Bytes of lines and metadata from which on a block is full. */
  static final int FULL_BYTES = 1 << 20;

  static final int FULL_ROWS = 1 << 14;

  private final FilterBits filter = new FilterBits();
  private final ColumnEncoder encoder = new ColumnEncoder(filter);
  private final ByteWriter text = new ByteWriter(FULL_BYTES + (FULL_BYTES >> 2));
  private final ByteWriter sets = new ByteWriter(1 << 12);
  private final ByteWriter directory = new ByteWriter(1 << 16);
  private final ByteWriter deltas = new ByteWriter(1 << 16);
  private final Values lines = new Values(text.bytes, 4096);
  private final Values metadata = new Values(sets.bytes, 16);
  private long[] times = new long[4096];
  private int[] runStreams = new int[64];
  private int[] runEnds = new int[64];
  private long[] runBytes = new long[64];
  private int runs;
  private boolean hasMetadata;

  boolean isEmpty() {
    return lines.count == 0;
  }

  boolean isFull() {
    return text.size + sets.size >= FULL_BYTES || lines.count >= FULL_ROWS;
  }

  void add(int stream, long timeNs, byte[] line, int from, int length, Labels set) {
    int at = begin(stream, timeNs, length, set);
    System.arraycopy(line, from, text.bytes, at, length);
  }

  /** Adds rows from {@code entry} on until the block is full; gives the next one. */
  int add(int stream, RowSource rows, int entry) {
    int next = entry;
    long[] from = rows.timesNs();
    while (next < rows.size() && !isFull()) {
      int first = next;
      int together = rows.togetherUntil(first);
      int at = text.size;
      do {
        begin(stream, from[next], rows.lineLength(next), rows.metadata(next));
        next++;
      } while (next < together && !isFull());
      rows.copyLines(first, next, text.bytes, at);
    }
    return next;
  }

  private int begin(int stream, long timeNs, int length, Labels set) {
    int row = lines.count;
    if (row == times.length) {
      times = Arrays.copyOf(times, row * 2);
    }
    times[row] = timeNs;
    if (runs == 0 || runStreams[runs - 1] != stream) {
      if (runs == runStreams.length) {
        runStreams = Arrays.copyOf(runStreams, runs * 2);
        runEnds = Arrays.copyOf(runEnds, runs * 2);
        runBytes = Arrays.copyOf(runBytes, runs * 2);
      }
      runStreams[runs] = stream;
      runBytes[runs] = 0;
      runs++;
    }
    runEnds[runs - 1] = row + 1;
    runBytes[runs - 1] += length;
    byte[] canonical = set.canonicalBytes();
    hasMetadata |= canonical.length > 0;
    metadata.add(sets.size, sets.size + canonical.length, row);
    sets.put(canonical, 0, canonical.length);
    text.ensure(length);
    int at = text.size;
    lines.add(at, at + length, row);
    text.size = at + length;
    return at;
  }

  /** Writes the block and begins another one. */
  BlockEntry write(PartWriter out) throws IOException {
    List<PageRef> pages = new ArrayList<>();
    lines.text = text.bytes;
    metadata.text = sets.bytes;
    BlockEntry entry = new BlockEntry();
    entry.rows = lines.count;
    entry.lineBytes = text.size;
    describeRuns(entry);
    PageSink sink =
        (bytes, offset, length, codec) -> {
          pages.add(out.page(bytes, offset, length, codec));
          return pages.size() - 1;
        };
    TimeColumn.write(times, lines.count, runEnds, deltas, sink);
    // The directory is known last, so it is the last page.
    directory.clear();
    encoder.encodeLines(lines, times, directory, sink);
    directory.int8(hasMetadata ? 1 : 0);
    if (hasMetadata) {
      encoder.encodeMetadata(metadata, times, directory, sink);
    }
    pages.add(out.page(directory.bytes, 0, directory.size, PartWriter.Codec.COMPRESSED));
    entry.offset = pages.getFirst().offset();
    entry.lengths = pages.stream().mapToInt(PageRef::length).toArray();
    entry.storedLengths = pages.stream().mapToInt(PageRef::storedLength).toArray();
    text.clear();
    sets.clear();
    lines.clear();
    metadata.clear();
    runs = 0;
    hasMetadata = false;
    return entry;
  }

  /** The filter of the block written last; once. */
  long[] takeFilter() {
    return filter.take();
  }

  private void describeRuns(BlockEntry entry) {
    entry.begin(runs);
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    int start = 0;
    for (int run = 0; run < runs; run++) {
      entry.streams[run] = runStreams[run];
      entry.rowEnds[run] = runEnds[run];
      entry.runBytes[run] = runBytes[run];
      entry.runMinNs[run] = times[start];
      entry.runMaxNs[run] = times[runEnds[run] - 1];
      min = Math.min(min, times[start]);
      max = Math.max(max, times[runEnds[run] - 1]);
      start = runEnds[run];
    }
    entry.minTimeNs = min;
    entry.maxTimeNs = max;
  }
}
