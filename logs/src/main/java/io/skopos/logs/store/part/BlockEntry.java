// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.part.PageRef;
import java.util.List;

/**
 * What the index says about a block: where its pages are, and its runs, each the rows of one
 * stream. Mutable while it is put together; read only afterwards.
 */
public final class BlockEntry {

  /** Runs and pages of a block at most. */
  private static final int MOST = 1 << 20;

  long offset;
  int[] storedLengths = new int[0];
  int[] lengths = new int[0];
  private long[] offsets = new long[0];

  /** -1 for none. */
  int filterGroup = -1;

  int filterColumn;

  int rows;
  long lineBytes;
  long minTimeNs;
  long maxTimeNs;

  int runs;
  int[] streams = new int[0];

  /** Per run, the number of rows up to its end. */
  int[] rowEnds = new int[0];

  long[] runBytes = new long[0];
  long[] runMinNs = new long[0];
  long[] runMaxNs = new long[0];

  int pageCount() {
    return lengths.length;
  }

  PageRef page(int number) {
    if (offsets.length != lengths.length) {
      long[] sums = new long[lengths.length];
      long at = offset;
      for (int i = 0; i < sums.length; i++) {
        sums[i] = at;
        at += storedLengths[i];
      }
      offsets = sums;
    }
    return new PageRef(offsets[number], storedLengths[number], lengths[number]);
  }

  void addPages(List<PageRef> into) {
    long at = offset;
    for (int i = 0; i < lengths.length; i++) {
      into.add(new PageRef(at, storedLengths[i], lengths[i]));
      at += storedLengths[i];
    }
  }

  /** Where its filter is; -1 for none. */
  public int filterGroup() {
    return filterGroup;
  }

  public int filterColumn() {
    return filterColumn;
  }

  public int rows() {
    return rows;
  }

  public int runs() {
    return runs;
  }

  public int stream(int run) {
    return streams[run];
  }

  public int rowStart(int run) {
    return run == 0 ? 0 : rowEnds[run - 1];
  }

  public int rowEnd(int run) {
    return rowEnds[run];
  }

  public int rows(int run) {
    return rowEnds[run] - rowStart(run);
  }

  public long lineBytes(int run) {
    return runBytes[run];
  }

  public long minTimeNs(int run) {
    return runMinNs[run];
  }

  public long maxTimeNs(int run) {
    return runMaxNs[run];
  }

  public long minTimeNs() {
    return minTimeNs;
  }

  public long maxTimeNs() {
    return maxTimeNs;
  }

  void encode(ByteWriter out) {
    out.varint(offset);
    out.varint(lengths.length);
    for (int i = 0; i < lengths.length; i++) {
      out.varint(storedLengths[i]);
      out.varint(lengths[i]);
    }
    out.varint(filterGroup + 1);
    out.varint(filterColumn);
    out.zigzag(minTimeNs);
    out.varint(runs);
    int stream = 0;
    for (int run = 0; run < runs; run++) {
      out.varint(streams[run] - stream);
      stream = streams[run];
      out.varint(rows(run));
      out.varint(runBytes[run]);
      out.varint(runMinNs[run] - minTimeNs);
      out.varint(runMaxNs[run] - runMinNs[run]);
    }
  }

  static BlockEntry decode(ByteReader in, int streamCount, long partLength) {
    BlockEntry entry = new BlockEntry();
    entry.offset = in.varint();
    int pages = in.count(MOST, "pages of a block");
    entry.lengths = new int[in.remaining() < 2 * pages ? 0 : pages];
    entry.storedLengths = new int[entry.lengths.length];
    long end = entry.offset;
    for (int i = 0; i < entry.lengths.length; i++) {
      entry.storedLengths[i] = in.count(Integer.MAX_VALUE, "stored bytes of a page");
      entry.lengths[i] = in.count(PageRef.MAX_LENGTH, "bytes of a page");
      end += entry.storedLengths[i];
    }
    if (entry.lengths.length == 0 || entry.offset < 0 || end < 0 || end > partLength) {
      throw new DamagedBytes(
          "a block from " + entry.offset + " to " + end + " in a part of " + partLength + " bytes");
    }
    entry.filterGroup = in.count(MOST, "groups of filters") - 1;
    entry.filterColumn = in.count(FilterWriter.MOST_BLOCKS, "blocks of a group");
    entry.minTimeNs = in.zigzag();
    entry.maxTimeNs = entry.minTimeNs;
    entry.begin(in.count(in.remaining() / 5, "runs of a block"));
    int stream = 0;
    long rows = 0;
    for (int run = 0; run < entry.runs; run++) {
      stream += in.count(streamCount, "streams");
      if (stream >= streamCount) {
        throw new DamagedBytes("stream " + stream + " of " + streamCount);
      }
      rows += in.count(Integer.MAX_VALUE, "rows");
      if (rows > LogPartFormat.MOST_ROWS) {
        throw new DamagedBytes(rows + " rows in a block");
      }
      entry.streams[run] = stream;
      entry.rowEnds[run] = (int) rows;
      entry.runBytes[run] = in.varint();
      entry.runMinNs[run] = entry.minTimeNs + in.varint();
      entry.runMaxNs[run] = entry.runMinNs[run] + in.varint();
      entry.maxTimeNs = Math.max(entry.maxTimeNs, entry.runMaxNs[run]);
      entry.lineBytes += entry.runBytes[run];
    }
    entry.rows = (int) rows;
    return entry;
  }

  void begin(int runCount) {
    runs = runCount;
    streams = new int[runCount];
    rowEnds = new int[runCount];
    runBytes = new long[runCount];
    runMinNs = new long[runCount];
    runMaxNs = new long[runCount];
  }
}
