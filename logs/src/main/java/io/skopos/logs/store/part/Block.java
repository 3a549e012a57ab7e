// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import io.skopos.logs.store.column.Column;
import io.skopos.logs.store.column.PageSource;
import io.skopos.logs.store.column.TimeColumn;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.pages.Page;
import io.skopos.storage.part.PartReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One block, open for reading; pages are copied out of the cache when a column wants them. It is
 * opened again for the next block, with the buffers of the last one. Not thread-safe.
 */
public final class Block implements PageSource {

  /** What reading behind a page's end may touch. */
  private static final int SLACK = 8;

  private static final int LARGEST_KEPT = 1 << 20;

  private @Nullable PartReader reader;
  private @Nullable BlockEntry entry;
  private byte[] @Nullable [] buffers = new byte[16] @Nullable [];
  private boolean[] loaded = new boolean[16];
  private long[] allTimes = new long[0];
  private boolean allTimesKnown;
  private @Nullable BlockFields fields;
  private boolean fieldsKnown;
  private @Nullable TimeColumn times;
  private @Nullable Column lines;
  private @Nullable Column metadata;

  /**
   * Leaves the block before, whose columns mean nothing from now on. Nothing is read before it is
   * asked for.
   */
  void open(PartReader part, BlockEntry block) {
    reader = part;
    entry = block;
    int pages = block.pageCount();
    if (buffers.length < pages) {
      buffers = Arrays.copyOf(buffers, pages * 2);
      loaded = new boolean[pages * 2];
    }
    for (int i = 0; i < buffers.length; i++) {
      byte[] buffer = buffers[i];
      if (buffer != null && buffer.length > LARGEST_KEPT) {
        buffers[i] = null;
      }
    }
    Arrays.fill(loaded, false);
    allTimesKnown = false;
    fieldsKnown = false;
    times = null;
    lines = null;
    metadata = null;
  }

  private Column readDirectory() {
    BlockEntry block = entry();
    int last = block.pageCount() - 1;
    ByteReader in = new ByteReader(page(last), 0, block.lengths[last]);
    Column read = Column.read(block.rows, in, this, LogPartFormat.DEPTH);
    metadata = in.uint8() == 0 ? null : Column.read(block.rows, in, this, LogPartFormat.DEPTH);
    lines = read;
    return read;
  }

  private TimeColumn timeColumn() {
    TimeColumn known = times;
    if (known == null) {
      known = TimeColumn.read(entry().rows, page(0), length(0));
      times = known;
    }
    return known;
  }

  /** For bytes that no writer wrote, met while a column of this block was read. */
  public IOException damaged(RuntimeException cause) {
    PartReader part = reader;
    BlockEntry block = entry;
    if (part == null || block == null) {
      return new IOException(cause);
    }
    IOException damaged =
        part.damaged(block.offset, block.page(0).storedLength(), "block: " + cause.getMessage());
    damaged.initCause(cause);
    return damaged;
  }

  @Override
  public int length(int number) {
    BlockEntry block = entry;
    if (block == null || number < 0 || number >= block.pageCount()) {
      throw new DamagedBytes("page " + number + " of a block is referred to");
    }
    return block.lengths[number];
  }

  @Override
  public byte[] page(int number) {
    int length = length(number);
    byte[] buffer = buffers[number];
    if (loaded[number] && buffer != null) {
      return buffer;
    }
    if (buffer == null || buffer.length < length + SLACK) {
      buffer = new byte[length + SLACK + (length >> 2)];
      buffers[number] = buffer;
    }
    PartReader part = reader;
    if (part == null) {
      throw new IllegalStateException("no block is open");
    }
    try (Page page = part.page(entry().page(number))) {
      MemorySegment.copy(page.bytes(), ValueLayout.JAVA_BYTE, 0, buffer, 0, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    loaded[number] = true;
    return buffer;
  }

  @Override
  public long timeNs(int row) {
    BlockEntry block = entry;
    if (!allTimesKnown && block != null) {
      if (allTimes.length < block.rows) {
        allTimes = new long[block.rows];
      }
      for (int run = 0; run < block.runs(); run++) {
        timeColumn()
            .fill(
                block.rowStart(run),
                block.rowEnd(run),
                block.minTimeNs(run),
                allTimes,
                block.rowStart(run));
      }
      allTimesKnown = true;
    }
    return allTimes[row];
  }

  public BlockEntry entry() {
    BlockEntry block = entry;
    if (block == null) {
      throw new IllegalStateException("no block is open");
    }
    return block;
  }

  /** The fields of lines; null when no line was taken apart so. */
  @Nullable BlockFields fields(BlockFields.RowsOfRun rows) {
    if (!fieldsKnown) {
      fields = BlockFields.of(lines(), rows);
      fieldsKnown = true;
    }
    BlockFields known = fields;
    if (known != null) {
      known.moveTo(rows);
    }
    return known;
  }

  public Column lines() {
    Column known = lines;
    return known == null ? readDirectory() : known;
  }

  /** Null when no row has any. */
  public @Nullable Column metadata() {
    lines();
    return metadata;
  }

  /** The times of a run's rows. */
  public void times(int run, long[] into) {
    BlockEntry block = entry();
    timeColumn().fill(block.rowStart(run), block.rowEnd(run), block.minTimeNs(run), into, 0);
  }
}
