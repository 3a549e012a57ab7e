// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.pages;

import io.skopos.storage.memory.MemoryBudget;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Off-heap memory for pages of any size, taken from the system in large chunks and never given back
 * piecemeal, so that the process does not grow by fragmentation no allocator reports.
 *
 * <p>Two-level segregated fit (Masmano, Ripoll, Crespo, Real: "TLSF", ECRTS 2004): free blocks hang
 * in lists by size class, 16 classes per power of two; two bitmaps find the first list with a block
 * that surely fits; neighbours merge when freed. Allocation and release take constant time. Not
 * thread-safe.
 */
final class PageMemory implements AutoCloseable {

  static final String OWNER = "page-cache";

  private static final int GRANULE = 64;
  private static final int CLASS_BITS = 4;
  private static final int CLASSES = 1 << CLASS_BITS;
  private static final int POWERS = 32;

  private final Arena arena = Arena.ofShared();
  private final MemoryBudget budget;
  private final long capacity;
  private final int chunkBytes;
  private long chunksBytes;
  private long usedBytes;

  private final @Nullable Block[] free = new @Nullable Block[POWERS * CLASSES];
  private final int[] classesOfPower = new int[POWERS];
  private int powers;

  PageMemory(long capacity, int chunkBytes, MemoryBudget budget) {
    this.budget = budget;
    this.capacity = capacity;
    this.chunkBytes = chunkBytes / GRANULE * GRANULE;
  }

  int largestBlock() {
    return chunkBytes;
  }

  /** Bytes taken from the system. */
  long chunksBytes() {
    return chunksBytes;
  }

  /** Bytes in blocks that are not free. */
  long usedBytes() {
    return usedBytes;
  }

  /** Null when no free block is large enough and no chunk may be added. */
  @Nullable Block allocate(int bytes) {
    int granules = Math.max(1, (int) (((long) bytes + GRANULE - 1) / GRANULE));
    Block block = takeFree(granules);
    if (block == null && addChunk()) {
      block = takeFree(granules);
    }
    if (block == null) {
      return null;
    }
    if (block.granules > granules) {
      insert(block.splitBehind(granules));
    }
    usedBytes += (long) block.granules * GRANULE;
    return block;
  }

  void release(Block block) {
    usedBytes -= (long) block.granules * GRANULE;
    Block previous = block.previous;
    Block merged = block;
    if (previous != null && previous.isFree) {
      remove(previous);
      previous.absorbNext();
      merged = previous;
    }
    Block next = merged.next;
    if (next != null && next.isFree) {
      remove(next);
      merged.absorbNext();
    }
    insert(merged);
  }

  @Override
  public void close() {
    arena.close();
    budget.release(OWNER, chunksBytes);
    chunksBytes = 0;
  }

  private boolean addChunk() {
    if (chunksBytes + chunkBytes > capacity || !budget.tryReserve(OWNER, chunkBytes)) {
      return false;
    }
    MemorySegment chunk;
    try {
      chunk = arena.allocate(chunkBytes, GRANULE);
    } catch (OutOfMemoryError e) {
      budget.release(OWNER, chunkBytes);
      return false; // The system has less than the budget says; live with what there is.
    }
    chunksBytes += chunkBytes;
    insert(new Block(chunk, 0, chunkBytes / GRANULE));
    return true;
  }

  private @Nullable Block takeFree(int granules) {
    // Round up to the next class: each block of that class or above is large enough.
    int power = powerOf(granules);
    int rounded = power < CLASS_BITS ? granules : granules + (1 << (power - CLASS_BITS)) - 1;
    int list = listOf(rounded);
    power = list / CLASSES;
    int inPower = power < POWERS ? classesOfPower[power] & (-1 << (list % CLASSES)) : 0;
    if (inPower == 0) {
      int above = power + 1 < POWERS ? powers & (-1 << (power + 1)) : 0;
      if (above == 0) {
        return lastResort(granules);
      }
      power = Integer.numberOfTrailingZeros(above);
      inPower = classesOfPower[power];
    }
    Block block = free[power * CLASSES + Integer.numberOfTrailingZeros(inPower)];
    if (block != null) {
      remove(block);
    }
    return block;
  }

  // A block of the very class may fit though the rounding says it might not: a whole chunk does.
  private @Nullable Block lastResort(int granules) {
    for (Block block = free[listOf(granules)]; block != null; block = block.nextFree) {
      if (block.granules >= granules) {
        remove(block);
        return block;
      }
    }
    return null;
  }

  private void insert(Block block) {
    int list = listOf(block.granules);
    Block head = free[list];
    block.isFree = true;
    block.previousFree = null;
    block.nextFree = head;
    if (head != null) {
      head.previousFree = block;
    }
    free[list] = block;
    classesOfPower[list / CLASSES] |= 1 << (list % CLASSES);
    powers |= 1 << (list / CLASSES);
  }

  private void remove(Block block) {
    Block before = block.previousFree;
    Block behind = block.nextFree;
    if (behind != null) {
      behind.previousFree = before;
    }
    if (before != null) {
      before.nextFree = behind;
    } else {
      int list = listOf(block.granules);
      free[list] = behind;
      if (behind == null) {
        classesOfPower[list / CLASSES] &= ~(1 << (list % CLASSES));
        if (classesOfPower[list / CLASSES] == 0) {
          powers &= ~(1 << (list / CLASSES));
        }
      }
    }
    block.isFree = false;
    block.previousFree = null;
    block.nextFree = null;
  }

  private static int listOf(int granules) {
    int power = powerOf(granules);
    int inPower =
        power < CLASS_BITS
            ? (granules << (CLASS_BITS - power)) - CLASSES
            : (granules >>> (power - CLASS_BITS)) - CLASSES;
    return power * CLASSES + inPower;
  }

  private static int powerOf(int granules) {
    return 31 - Integer.numberOfLeadingZeros(granules);
  }

  /** A run of granules of one chunk, free or holding a page. */
  static final class Block {

    private final MemorySegment chunk;
    private final int at;
    private int granules;
    private boolean isFree;
    private @Nullable Block previous;
    private @Nullable Block next;
    private @Nullable Block previousFree;
    private @Nullable Block nextFree;

    private Block(MemorySegment chunk, int at, int granules) {
      this.chunk = chunk;
      this.at = at;
      this.granules = granules;
    }

    MemorySegment segment(int bytes) {
      return chunk.asSlice((long) at * GRANULE, bytes);
    }

    private Block splitBehind(int kept) {
      Block rest = new Block(chunk, at + kept, granules - kept);
      granules = kept;
      rest.previous = this;
      rest.next = next;
      if (next != null) {
        next.previous = rest;
      }
      next = rest;
      return rest;
    }

    private void absorbNext() {
      Block gone = next;
      if (gone == null) {
        throw new IllegalStateException("the last block of a chunk has no neighbour behind it");
      }
      granules += gone.granules;
      next = gone.next;
      if (next != null) {
        next.previous = this;
      }
    }
  }
}
