// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.lang.foreign.MemorySegment;

/**
 * One head's share of the pool: hands out small pieces, 8-byte aligned, one behind the other, and
 * gives everything back at once. One thread allocates; pieces are read by any.
 */
final class Slab {

  private final SlabPool pool;

  /** Pairs of address and number of pages. */
  private final IntArrayList runs = new IntArrayList(4);

  private int next;
  private int left;
  private volatile long bytes;

  Slab(SlabPool pool) {
    this.pool = pool;
  }

  MemorySegment chunk(int address) {
    return pool.chunk(address);
  }

  void chargeHeap(long bytes) {
    pool.chargeHeap(bytes);
  }

  long bytes() {
    return bytes;
  }

  /** The content is undefined. */
  int allocate(int size) {
    int rounded = size + 7 & ~7;
    if (rounded > left) {
      if (rounded > SlabPool.PAGE_BYTES) {
        return pages((rounded + SlabPool.PAGE_BYTES - 1) / SlabPool.PAGE_BYTES);
      }
      next = pages(1);
      left = SlabPool.PAGE_BYTES;
    }
    int address = next;
    next += rounded / 8;
    left -= rounded;
    return address;
  }

  /** Whole pages, for tables. */
  int pages(int count) {
    int address = pool.allocate(count);
    runs.add(address);
    runs.add(count);
    bytes += (long) count * SlabPool.PAGE_BYTES;
    return address;
  }

  void free() {
    for (int i = 0; i < runs.size(); i += 2) {
      pool.free(runs.getInt(i), runs.getInt(i + 1));
    }
    runs.clear();
    left = 0;
    bytes = 0;
  }
}
