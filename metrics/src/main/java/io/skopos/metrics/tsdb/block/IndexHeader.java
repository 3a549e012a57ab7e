// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What of an index is at hand while its block is read: where the sections are, where the symbols
 * and, when asked for, where the postings are. Immutable; thread-safe.
 *
 * @param postings null when it was read for a walk through all series
 */
public record IndexHeader(
    int version,
    long seriesStart,
    long seriesEnd,
    SymbolTable.Offsets symbols,
    @Nullable PostingsTable postings) {

  static final int MAGIC = 0xBAAAD700;
  static final int TOC_BYTES = 52;

  /**
   * @param forLookups whether series will be looked up by their labels
   * @throws DamagedBlock when it is no index of version 1 or 2
   */
  static IndexHeader read(PositionalFile file, boolean forLookups) throws IOException {
    if (file.size() < 5 + TOC_BYTES) {
      throw new DamagedBlock(file.name(), "it has " + file.size() + " bytes, which is no index");
    }
    if (file.u32(0) != MAGIC) {
      throw file.damaged(0, "it does not begin as an index does");
    }
    int version = file.u8(4);
    if (version != 1 && version != 2) {
      throw file.damaged(4, "index version " + version + " is not 1 or 2, which are read here");
    }
    long toc = file.size() - TOC_BYTES;
    file.check(toc, TOC_BYTES - 4, "the table of contents");
    long symbolsAt = file.u64(toc);
    long seriesStart = file.u64(toc + 8);
    long postingsAt = file.u64(toc + 40);
    long end = toc;
    for (int section = 2; section < 6; section++) {
      long start = file.u64(toc + 8L * section);
      if (start > seriesStart && start < end) {
        end = start;
      }
    }
    if (seriesStart < 5 || seriesStart > toc) {
      throw file.damaged(toc, "the series would begin at byte " + seriesStart);
    }
    return new IndexHeader(
        version,
        seriesStart,
        end,
        SymbolTable.Offsets.read(file, version, symbolsAt),
        forLookups ? PostingsTable.read(file, version, postingsAt) : null);
  }

  /** One for {@link StoredBlock#open}. */
  public static IndexHeader forLookups(BlockFiles block) throws IOException {
    try (PositionalFile file = new PositionalFile(block.open(BlockFiles.INDEX))) {
      return read(file, true);
    }
  }

  /** What it takes of the heap, about. */
  public long heapBytes() {
    return 128
        + Long.BYTES * (long) symbols.offsets().length
        + (postings == null ? 0 : postings.heapBytes());
  }

  /** How series are named by postings and tombstones: in units of this many bytes. */
  int unit() {
    return version == 2 ? BlockIndex.ALIGNMENT : 1;
  }
}
