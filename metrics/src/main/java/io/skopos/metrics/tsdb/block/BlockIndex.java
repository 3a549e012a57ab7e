// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The series of an {@code index} file of version 1 or 2: one after the other, in the order of their
 * labels, or one by its reference. Not thread-safe.
 */
final class BlockIndex implements Closeable {

  static final int ALIGNMENT = 16;

  /** Longest entry of a series: its chunks may be many. */
  private static final int MAX_SERIES_BYTES = 64 << 20;

  private final PositionalFile file;

  /** Symbols lie elsewhere in the file: a window of their own. */
  private final PositionalFile symbolFile;

  private final IndexHeader header;
  private final SymbolTable symbols;

  /** A series of the index. */
  interface Visitor {

    /**
     * @param reference as postings and tombstones name it
     */
    void series(long reference, Labels labels, List<ChunkRef> chunks) throws IOException;

    /** One that cannot be read; the next ones may be. */
    void damaged(DamagedBlock problem);
  }

  /** Takes over both files, of which the first one reads the series. */
  BlockIndex(PositionalFile file, PositionalFile symbolFile, IndexHeader header, int remembered) {
    this.file = file;
    this.symbolFile = symbolFile;
    this.header = header;
    this.symbols = new SymbolTable(symbolFile, header.symbols(), remembered);
  }

  /** For a walk through all series. */
  static BlockIndex open(BlockFiles block) throws IOException {
    PositionalFile file = new PositionalFile(block.open(BlockFiles.INDEX));
    boolean whole = false;
    try {
      IndexHeader header = IndexHeader.read(file, false);
      BlockIndex index =
          new BlockIndex(
              file,
              new PositionalFile(block.open(BlockFiles.INDEX)),
              header,
              SymbolTable.REMEMBERED);
      whole = true;
      return index;
    } finally {
      if (!whole) {
        file.close();
      }
    }
  }

  String name() {
    return file.name();
  }

  /** Where a series of this reference stands in the file. */
  long placeOf(long reference) {
    return reference * header.unit();
  }

  /** Says that this part of the series will be read soon. */
  void prefetch(long offset, long length) {
    file.prefetch(offset, length);
  }

  /**
   * One series.
   *
   * @param chunks gets its chunks
   */
  Labels read(long reference, List<ChunkRef> chunks) throws IOException {
    ByteCursor in = entry(placeOf(reference));
    Labels labels = labels(in);
    chunks(in, chunks);
    return labels;
  }

  /** The chunks of one series. */
  void readChunks(long reference, List<ChunkRef> chunks) throws IOException {
    ByteCursor in = entry(placeOf(reference));
    int labelCount = in.count(2, "labels");
    for (int i = 0; i < 2 * labelCount; i++) {
      long _ = in.uvarint();
    }
    chunks(in, chunks);
  }

  void series(Visitor visitor) throws IOException {
    long at = header.seriesStart();
    while (true) {
      if (header.version() == 2) {
        at = (at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      }
      if (at >= header.seriesEnd()) {
        return;
      }
      Length length = length(at);
      if (length.bytes == 0) {
        // Filling behind the last series.
        return;
      }
      try {
        ByteCursor in = entry(length);
        Labels labels = labels(in);
        List<ChunkRef> chunks = new ArrayList<>();
        chunks(in, chunks);
        visitor.series(at / header.unit(), labels, chunks);
      } catch (DamagedBlock e) {
        visitor.damaged(e);
      }
      at = length.start + length.bytes + 4;
    }
  }

  /** How long an entry is, and where it begins behind that. */
  private record Length(long start, long bytes) {}

  private Length length(long at) throws IOException {
    long length = 0;
    int lengthBytes = 0;
    int next;
    do {
      next = file.u8(at + lengthBytes);
      length |= (long) (next & 0x7f) << 7 * lengthBytes++;
    } while (next >= 0x80 && lengthBytes < 5);
    long start = at + lengthBytes;
    if (length > MAX_SERIES_BYTES || start + length + 4 > header.seriesEnd()) {
      throw file.damaged(
          at, "a series of " + length + " bytes; the series end at byte " + header.seriesEnd());
    }
    return new Length(start, length);
  }

  private ByteCursor entry(long at) throws IOException {
    if (at < header.seriesStart() || at >= header.seriesEnd()) {
      throw file.damaged(at, "a series is said to stand here, outside of the series");
    }
    return entry(length(at));
  }

  private ByteCursor entry(Length length) throws IOException {
    file.check(length.start, length.bytes, "a series");
    return file.cursor(length.start, (int) length.bytes);
  }

  private Labels labels(ByteCursor in) throws IOException {
    int labelCount = in.count(2, "labels");
    LabelsBuilder labels = new LabelsBuilder();
    for (int i = 0; i < labelCount; i++) {
      String name = symbols.text(in.uvarint());
      labels.set(name, symbols.text(in.uvarint()));
    }
    return labels.build();
  }

  private static void chunks(ByteCursor in, List<ChunkRef> chunks) throws IOException {
    int chunkCount = in.count(3, "chunks");
    long end = 0;
    long chunkReference = 0;
    for (int i = 0; i < chunkCount; i++) {
      long from = i == 0 ? in.varint() : end + in.uvarint();
      end = from + in.uvarint();
      chunkReference = i == 0 ? in.uvarint() : chunkReference + in.varint();
      chunks.add(new ChunkRef(from, end, chunkReference));
    }
  }

  @Override
  public void close() throws IOException {
    try (symbolFile) {
      file.close();
    }
  }
}
