// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An {@code index} file of version 1 or 2. Its series are read one after the other, in the order of
 * their labels; postings, which point into the same section, are not needed for that. Not
 * thread-safe.
 */
final class BlockIndex implements Closeable {

  static final int MAGIC = 0xBAAAD700;
  static final int TOC_BYTES = 52;

  /** Longest entry of a series: its chunks may be many. */
  private static final int MAX_SERIES_BYTES = 64 << 20;

  private static final int ALIGNMENT = 16;

  private final PositionalFile file;

  /** Symbols lie elsewhere in the file: a window of their own. */
  private final PositionalFile symbolFile;

  private final int version;
  private final SymbolTable symbols;
  private final long seriesStart;
  private final long seriesEnd;

  /** A series of the index. */
  interface Visitor {

    /**
     * @param reference as postings and tombstones name it
     */
    void series(long reference, Labels labels, List<ChunkRef> chunks) throws IOException;

    /** One that cannot be read; the next ones may be. */
    void damaged(DamagedBlock problem);
  }

  BlockIndex(Path path) throws IOException {
    file = new PositionalFile(path);
    boolean whole = false;
    try {
      symbolFile = new PositionalFile(path);
      if (file.size() < 5 + TOC_BYTES) {
        throw new DamagedBlock(path, "it has " + file.size() + " bytes, which is no index");
      }
      if (file.u32(0) != MAGIC) {
        throw file.damaged(0, "it does not begin as an index does");
      }
      version = file.u8(4);
      if (version != 1 && version != 2) {
        throw file.damaged(4, "index version " + version + " is not 1 or 2, which are read here");
      }
      long toc = file.size() - TOC_BYTES;
      file.check(toc, TOC_BYTES - 4, "the table of contents");
      symbols = new SymbolTable(symbolFile, version, file.u64(toc));
      seriesStart = file.u64(toc + 8);
      long end = toc;
      for (int section = 2; section < 6; section++) {
        long start = file.u64(toc + 8L * section);
        if (start > seriesStart && start < end) {
          end = start;
        }
      }
      seriesEnd = end;
      if (seriesStart < 5 || seriesStart > toc) {
        throw file.damaged(toc, "the series would begin at byte " + seriesStart);
      }
      whole = true;
    } finally {
      if (!whole) {
        close();
      }
    }
  }

  Path path() {
    return file.path();
  }

  /** Bytes of the section that {@link #series} goes through. */
  long seriesBytes() {
    return seriesEnd - seriesStart;
  }

  void series(Visitor visitor) throws IOException {
    long at = seriesStart;
    while (true) {
      if (version == 2) {
        at = (at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      }
      if (at >= seriesEnd) {
        return;
      }
      long length = 0;
      int lengthBytes = 0;
      int next;
      do {
        next = file.u8(at + lengthBytes);
        length |= (long) (next & 0x7f) << 7 * lengthBytes++;
      } while (next >= 0x80 && lengthBytes < 5);
      if (length == 0) {
        // Filling behind the last series.
        return;
      }
      long start = at + lengthBytes;
      if (length > MAX_SERIES_BYTES || start + length + 4 > seriesEnd) {
        throw file.damaged(
            at, "a series of " + length + " bytes; the series end at byte " + seriesEnd);
      }
      try {
        file.check(start, length, "a series");
        entry(version == 2 ? at / ALIGNMENT : at, file.cursor(start, (int) length), visitor);
      } catch (DamagedBlock e) {
        visitor.damaged(e);
      }
      at = start + length + 4;
    }
  }

  private void entry(long reference, ByteCursor in, Visitor visitor) throws IOException {
    int labelCount = in.count(2, "labels");
    LabelsBuilder labels = new LabelsBuilder();
    for (int i = 0; i < labelCount; i++) {
      String name = symbols.text(in.uvarint());
      labels.set(name, symbols.text(in.uvarint()));
    }
    int chunkCount = in.count(3, "chunks");
    List<ChunkRef> chunks = new ArrayList<>(chunkCount);
    long end = 0;
    long chunkReference = 0;
    for (int i = 0; i < chunkCount; i++) {
      long from = i == 0 ? in.varint() : end + in.uvarint();
      end = from + in.uvarint();
      chunkReference = i == 0 ? in.uvarint() : chunkReference + in.varint();
      chunks.add(new ChunkRef(from, end, chunkReference));
    }
    visitor.series(reference, labels.build(), chunks);
  }

  @Override
  public void close() throws IOException {
    try {
      file.close();
    } finally {
      if (symbolFile != null) {
        symbolFile.close();
      }
    }
  }
}
