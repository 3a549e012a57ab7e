// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import io.skopos.storage.memory.MemoryBudget;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Off-heap pages of 4 KiB for all heads, taken from chunks of 1 MiB that are charged to the budget
 * while they exist. Pages are freed with their head, chunks once none of their pages is used, so
 * that the memory goes back to the system. Thread-safe.
 *
 * <p>An address is an int: 8-byte units from the pool's beginning, which allows for 32 GiB. 0 is no
 * address.
 */
public final class SlabPool {

  static final String OWNER = "metrics.heads";
  static final int PAGE_BYTES = 4096;
  static final int CHUNK_BYTES = 1 << 20;
  private static final int PAGES_PER_CHUNK = CHUNK_BYTES / PAGE_BYTES;
  private static final int UNITS_PER_PAGE = PAGE_BYTES / 8;
  private static final int CHUNK_SHIFT = 17;
  private static final int MAX_CHUNKS = 1 << (32 - CHUNK_SHIFT);

  /** How many empty chunks are kept for the next head. */
  private static final int SPARE_CHUNKS = 2;

  private final MemoryBudget budget;

  /** What heads hold beside their pages. */
  private final AtomicLong heapBytes = new AtomicLong();

  private volatile @Nullable MemorySegment[] chunks = new MemorySegment[0];
  private @Nullable Arena[] arenas = new Arena[0];
  private BitSet[] used = new BitSet[0];
  private int[] usedPages = new int[0];
  private int firstWithRoom;
  private int emptyChunks;
  private volatile long pages;

  public SlabPool(MemoryBudget budget) {
    this.budget = budget;
  }

  /** Bytes of the pages in use. */
  public long usedBytes() {
    return pages * PAGE_BYTES;
  }

  /** Bytes of all chunks, as charged to the budget. */
  public synchronized long reservedBytes() {
    long bytes = 0;
    for (Arena arena : arenas) {
      bytes += arena == null ? 0 : CHUNK_BYTES;
    }
    return bytes;
  }

  /** Bytes of tables and label indexes on the heap, as charged to the budget. */
  public long heapBytes() {
    return heapBytes.get();
  }

  void chargeHeap(long bytes) {
    heapBytes.addAndGet(bytes);
    budget.reserve(OWNER, bytes);
  }

  MemorySegment chunk(int address) {
    MemorySegment chunk = chunks[address >>> CHUNK_SHIFT];
    if (chunk == null) {
      throw new IllegalStateException("head memory at " + address + " was already freed");
    }
    return chunk;
  }

  static long offset(int address) {
    return (long) (address & (1 << CHUNK_SHIFT) - 1) << 3;
  }

  /** The address of that many pages side by side; at most a chunk's. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock
  synchronized int allocate(int count) {
    for (int chunk = firstWithRoom; ; chunk++) {
      if (chunk == arenas.length) {
        grow();
      }
      if (arenas[chunk] == null) {
        open(chunk);
      }
      int page = find(used[chunk], count);
      if (page >= 0) {
        used[chunk].set(page, page + count);
        if (usedPages[chunk] == 0) {
          emptyChunks--;
        }
        usedPages[chunk] += count;
        pages += count;
        while (firstWithRoom < arenas.length && isFull(firstWithRoom)) {
          firstWithRoom++;
        }
        return (chunk << CHUNK_SHIFT) + page * UNITS_PER_PAGE;
      }
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock
  synchronized void free(int address, int count) {
    int chunk = address >>> CHUNK_SHIFT;
    int page = (address & (1 << CHUNK_SHIFT) - 1) / UNITS_PER_PAGE;
    used[chunk].clear(page, page + count);
    usedPages[chunk] -= count;
    pages -= count;
    firstWithRoom = Math.min(firstWithRoom, chunk);
    if (usedPages[chunk] == 0) {
      emptyChunks++;
      if (emptyChunks > SPARE_CHUNKS) {
        close(chunk);
      }
    }
  }

  private boolean isFull(int chunk) {
    return usedPages[chunk] == (chunk == 0 ? PAGES_PER_CHUNK - 1 : PAGES_PER_CHUNK);
  }

  private static int find(BitSet used, int count) {
    int page = used.nextClearBit(0);
    while (page + count <= PAGES_PER_CHUNK) {
      int next = used.nextSetBit(page);
      if (next < 0 || next - page >= count) {
        return page;
      }
      page = used.nextClearBit(next);
    }
    return -1;
  }

  private void grow() {
    if (arenas.length == MAX_CHUNKS) {
      throw new OutOfMemoryError(
          "heads hold " + ((long) MAX_CHUNKS * CHUNK_BYTES >> 30) + " GiB, all they can address");
    }
    int length = arenas.length + 1;
    arenas = Arrays.copyOf(arenas, length);
    used = Arrays.copyOf(used, length);
    used[length - 1] = new BitSet(PAGES_PER_CHUNK);
    usedPages = Arrays.copyOf(usedPages, length);
    if (length == 1) {
      used[0].set(0); // address 0 means none
    }
    chunks = Arrays.copyOf(chunks, length);
  }

  private void open(int chunk) {
    Arena arena = Arena.ofShared();
    @Nullable MemorySegment[] next = chunks.clone();
    next[chunk] = arena.allocate(CHUNK_BYTES, PAGE_BYTES);
    arenas[chunk] = arena;
    chunks = next;
    emptyChunks++;
    budget.reserve(OWNER, CHUNK_BYTES);
  }

  private void close(int chunk) {
    Arena arena = arenas[chunk];
    if (arena == null) {
      return;
    }
    @Nullable MemorySegment[] next = chunks.clone();
    next[chunk] = null;
    chunks = next;
    arenas[chunk] = null;
    emptyChunks--;
    arena.close();
    budget.release(OWNER, CHUNK_BYTES);
  }
}
