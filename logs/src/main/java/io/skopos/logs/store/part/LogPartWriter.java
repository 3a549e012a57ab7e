// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import io.skopos.model.Labels;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.index.LabelIndexWriter;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.pages.Page;
import io.skopos.storage.part.EntryPageWriter;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a part: streams in label order, rows by stream and time. Not thread-safe. */
public final class LogPartWriter implements AutoCloseable {

  private static final int INDEX_PAGE = 64 << 10;
  private static final long MOST_GROUP_BYTES = 24L << 20;

  private record GroupKey(LogPart part, int group) {}

  private final PartWriter out;
  private final LabelIndexWriter labels;
  private final EntryPageWriter index;
  private final FilterWriter filters;
  private final BlockBuilder builder = new BlockBuilder();
  private final ByteWriter entryBytes = new ByteWriter(1024);
  private byte[] pageBytes = new byte[0];

  /** Groups of filters of parts that blocks are taken over from. */
  private final Map<GroupKey, long[][]> groups = new LinkedHashMap<>(16, 0.75f, true);

  private long groupBytes;
  private int blocks;
  private long rows;
  private long lineBytes;
  private long minTimeNs = Long.MAX_VALUE;
  private long maxTimeNs = Long.MIN_VALUE;

  public LogPartWriter(PartWriter out) {
    this.out = out;
    this.labels = new LabelIndexWriter(out);
    this.filters = new FilterWriter(out);
    this.index = new EntryPageWriter(out, PartWriter.Codec.COMPRESSED, INDEX_PAGE);
  }

  /** Adds the next stream; gives its ordinal. It may do without rows. */
  public int stream(Labels stream) throws IOException {
    byte[] canonical = stream.canonicalBytes();
    labels.add(canonical, 0, canonical.length);
    return labels.seriesCount() - 1;
  }

  /** Adds a row of a stream, not before the one added last. */
  void entry(int stream, long timeNs, byte[] line, int from, int length, Labels metadata)
      throws IOException {
    builder.add(stream, timeNs, line, from, length, metadata);
    if (builder.isFull()) {
      flush();
    }
  }

  /** Adds all rows of a run. */
  public void run(int stream, RowSource run) throws IOException {
    for (int entry = 0; entry < run.size(); ) {
      entry = builder.add(stream, run, entry);
      if (builder.isFull()) {
        flush();
      }
    }
  }

  /** Writes the rows added so far as a block. */
  void flush() throws IOException {
    if (!builder.isEmpty()) {
      BlockEntry entry = builder.write(out);
      filters.add(builder.takeFilter(), entry);
      add(entry);
    }
  }

  /**
   * Takes over a whole block as it is.
   *
   * @param ordinals of the streams here, by those there
   */
  void copy(LogPart from, BlockEntry block, int[] ordinals) throws IOException {
    BlockEntry copy = new BlockEntry();
    copy.rows = block.rows;
    copy.lineBytes = block.lineBytes;
    copy.minTimeNs = block.minTimeNs;
    copy.maxTimeNs = block.maxTimeNs;
    copy.runs = block.runs;
    copy.rowEnds = block.rowEnds;
    copy.runBytes = block.runBytes;
    copy.runMinNs = block.runMinNs;
    copy.runMaxNs = block.runMaxNs;
    copy.streams = new int[block.runs];
    for (int run = 0; run < block.runs; run++) {
      copy.streams[run] = ordinals[block.streams[run]];
    }
    copy.lengths = block.lengths;
    copy.storedLengths = new int[block.pageCount()];
    for (int number = 0; number < block.pageCount(); number++) {
      PageRef page = block.page(number);
      if (pageBytes.length < page.length()) {
        pageBytes = new byte[page.length()];
      }
      try (Page bytes = from.reader().page(page)) {
        MemorySegment.copy(bytes.bytes(), ValueLayout.JAVA_BYTE, 0, pageBytes, 0, page.length());
      }
      // What did not compress does not now.
      boolean raw = page.storedLength() > page.length();
      PageRef written =
          out.page(
              pageBytes,
              0,
              page.length(),
              raw ? PartWriter.Codec.RAW : PartWriter.Codec.COMPRESSED);
      copy.storedLengths[number] = written.storedLength();
      if (number == 0) {
        copy.offset = written.offset();
      }
    }
    if (block.filterGroup >= 0) {
      filters.add(filter(from, block), copy);
    }
    add(copy);
  }

  private long[] filter(LogPart from, BlockEntry block) throws IOException {
    GroupKey key = new GroupKey(from, block.filterGroup);
    long[][] filters = groups.get(key);
    if (filters == null) {
      filters = from.filters().all(from.reader(), block.filterGroup);
      groupBytes += bytes(filters);
      while (groupBytes > MOST_GROUP_BYTES && !groups.isEmpty()) {
        long[][] gone = groups.remove(groups.keySet().iterator().next());
        groupBytes -= gone == null ? 0 : bytes(gone);
      }
      groups.put(key, filters);
    }
    return filters[block.filterColumn];
  }

  private static long bytes(long[][] filters) {
    return filters.length * 8L * filters[0].length;
  }

  private void add(BlockEntry entry) throws IOException {
    filters.writeFull();
    entryBytes.clear();
    entry.encode(entryBytes);
    index.add(blocks++, entryBytes.bytes, 0, entryBytes.size);
    rows += entry.rows;
    lineBytes += entry.lineBytes;
    minTimeNs = Math.min(minTimeNs, entry.minTimeNs);
    maxTimeNs = Math.max(maxTimeNs, entry.maxTimeNs);
  }

  /** Also counts rows of the open block. */
  public boolean isEmpty() {
    return rows == 0 && builder.isEmpty();
  }

  public long rows() {
    return rows;
  }

  public PartEntry finish(long minPosition, long maxPosition, int level) throws IOException {
    flush();
    ByteWriter labelSection = new ByteWriter(1024);
    labels.finish(labelSection);
    ByteWriter blockSection = new ByteWriter(1024);
    index.finish(blockSection);
    ByteWriter filterSection = new ByteWriter(1024);
    filters.finish(filterSection);
    ByteWriter footer = new ByteWriter(labelSection.size + blockSection.size + 64);
    footer.varint(LogPartFormat.VERSION);
    footer.varint(labels.seriesCount());
    footer.varint(rows);
    footer.varint(lineBytes);
    footer.varint(blocks);
    footer.varint(LogPartFormat.LABELS);
    footer.sized(labelSection.bytes, 0, labelSection.size);
    footer.varint(LogPartFormat.BLOCKS);
    footer.sized(blockSection.bytes, 0, blockSection.size);
    footer.varint(LogPartFormat.FILTERS);
    footer.sized(filterSection.bytes, 0, filterSection.size);
    return out.finish(
        footer.toByteArray(),
        new PartWriter.Summary(
            rows,
            Math.floorDiv(minTimeNs, 1_000_000L),
            Math.floorDiv(maxTimeNs, 1_000_000L),
            minPosition,
            maxPosition,
            level));
  }

  @Override
  public void close() {
    out.close();
  }
}
