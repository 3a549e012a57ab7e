// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import io.skopos.metrics.tsdb.chunk.ChunkDecoder;
import io.skopos.metrics.tsdb.chunk.ChunkEncoding;
import io.skopos.metrics.tsdb.chunk.DamagedChunk;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code chunks} folder of a block. Segments are opened when needed. Not thread-safe. */
final class ChunkFiles implements Closeable {

  static final int MAGIC = 0x85BD40DD;
  static final int HEADER_BYTES = 8;

  private final BlockFiles block;
  private final int windowBytes;
  private final List<String> segments;

  /** The segment read last: chunks come in the order of the file. */
  private @Nullable PositionalFile open;

  private int openSegment = -1;

  // The chunk read last.
  private ChunkEncoding encoding = ChunkEncoding.XOR;
  private int start;
  private int length;

  ChunkFiles(BlockFiles block, int windowBytes) {
    this.block = block;
    this.windowBytes = windowBytes;
    this.segments = block.segments();
  }

  /** Reads a chunk into {@link #bytes}, where it stays until the next one. */
  void read(ChunkRef chunk) throws IOException {
    PositionalFile file = segment(chunk.segment());
    long at = chunk.offset();
    if (at < HEADER_BYTES) {
      throw file.damaged(at, "a chunk cannot begin here");
    }
    long size = 0;
    int sizeBytes = 0;
    int next;
    do {
      next = file.u8(at + sizeBytes);
      size |= (long) (next & 0x7f) << 7 * sizeBytes++;
    } while (next >= 0x80 && sizeBytes < 5);
    if (size > ChunkDecoder.MAX_BYTES) {
      throw file.damaged(
          at, "a chunk of " + size + " bytes; the limit is " + ChunkDecoder.MAX_BYTES);
    }
    at += sizeBytes;
    file.check(at, size + 1, "a chunk");
    try {
      encoding = ChunkEncoding.ofCode(file.u8(at));
    } catch (DamagedChunk e) {
      throw file.damaged(at, String.valueOf(e.getMessage()));
    }
    length = (int) size;
    start = file.need(at + 1, length);
  }

  ChunkEncoding encoding() {
    return encoding;
  }

  byte[] bytes() {
    PositionalFile file = open;
    if (file == null) {
      throw new IllegalStateException("no chunk was read");
    }
    return file.bytes();
  }

  int start() {
    return start;
  }

  int length() {
    return length;
  }

  DamagedBlock damaged(ChunkRef chunk, String problem) {
    return new DamagedBlock(
        block.name() + "/" + segments.get(chunk.segment()), chunk.offset(), problem);
  }

  private PositionalFile segment(int number) throws IOException {
    PositionalFile file = open;
    if (file != null && openSegment == number) {
      return file;
    }
    if (number < 0 || number >= segments.size()) {
      throw new DamagedBlock(
          block.name() + "/" + BlockFiles.CHUNKS,
          "segment " + (number + 1) + " is missing, there are " + segments.size());
    }
    if (file != null) {
      open = null;
      file.close();
    }
    PositionalFile opened = new PositionalFile(block.open(segments.get(number)), windowBytes);
    open = opened;
    openSegment = number;
    if (opened.size() < HEADER_BYTES || opened.u32(0) != MAGIC) {
      openSegment = -1;
      throw opened.damaged(0, "it does not begin as a segment of chunks does");
    }
    if (opened.u8(4) != 1) {
      openSegment = -1;
      throw opened.damaged(4, "segment version " + opened.u8(4) + " is not 1");
    }
    return opened;
  }

  /** Says that a chunk will be read soon. */
  void prefetch(int segment, long offset, long length) throws IOException {
    if (segment >= 0 && segment < segments.size()) {
      // Only a store that has to fetch does anything, and it opens nothing for it.
      try (BlockBytes file = block.open(segments.get(segment))) {
        file.prefetch(Math.min(offset, file.size()), Math.min(length, file.size() - offset));
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (open != null) {
      open.close();
    }
  }
}
