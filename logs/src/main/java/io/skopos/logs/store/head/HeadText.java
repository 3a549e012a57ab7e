// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.head;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The lines of one head, outside of the heap. Pieces of memory double up to a bound, so that a head
 * of a few lines takes little. One writer; what was appended is read by any thread until the head
 * is freed.
 */
final class HeadText {

  private static final int FIRST_PIECE = 16 << 10;
  private static final int LARGEST_PIECE = 1 << 20;

  private final HeadMemory memory;
  private final Arena arena = Arena.ofShared();
  private MemorySegment piece = MemorySegment.NULL;
  private long used;
  private int nextPiece = FIRST_PIECE;
  private long reserved;

  HeadText(HeadMemory memory) {
    this.memory = memory;
  }

  /** Where the copied bytes are now. */
  MemorySegment append(byte[] bytes, int from, int length) {
    if (used + length > piece.byteSize()) {
      int size = Math.max(nextPiece, length);
      piece = arena.allocate(size);
      used = 0;
      nextPiece = Math.min(LARGEST_PIECE, nextPiece * 2);
      reserved += size;
      memory.charge(size);
    }
    MemorySegment.copy(bytes, from, piece, ValueLayout.JAVA_BYTE, used, length);
    MemorySegment copied = piece.asSlice(used, length);
    used += length;
    return copied;
  }

  void free() {
    arena.close();
    memory.charge(-reserved);
  }
}
