// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

/**
 * From the hash of label bytes to the ordinals that have it: open addressing, a slot is the hash's
 * upper half and the ordinal + 1. Only the head's writer uses it; who finds an ordinal compares the
 * bytes.
 */
final class SeriesTable {

  private long[] slots = new long[16];
  private int count;

  /** Where to look first. */
  int start(long hash) {
    return (int) hash & slots.length - 1;
  }

  int next(int slot) {
    return slot + 1 & slots.length - 1;
  }

  boolean isEmpty(int slot) {
    return slots[slot] == 0;
  }

  /** The ordinal in the slot when it may have this hash, else -1. */
  int candidate(int slot, long hash) {
    long word = slots[slot];
    return (int) (word >>> 32) == (int) (hash >>> 32) ? (int) word - 1 : -1;
  }

  /**
   * Puts an ordinal that is not there yet.
   *
   * @param hashes gives back an ordinal's hash, for when the table grows
   */
  void add(long hash, int ordinal, Hashes hashes) {
    if ((count + 1) * 4 > slots.length * 3) {
      slots = new long[slots.length * 2];
      for (int i = 0; i < count; i++) {
        place(hashes.hash(i), i);
      }
    }
    place(hash, ordinal);
    count++;
  }

  private void place(long hash, int ordinal) {
    int slot = start(hash);
    while (slots[slot] != 0) {
      slot = next(slot);
    }
    slots[slot] = hash & 0xffff_ffff_0000_0000L | ordinal + 1;
  }

  long heapBytes() {
    return 32 + 8L * slots.length;
  }

  /** Hashes of the ordinals added so far, which ascend from 0. */
  @FunctionalInterface
  interface Hashes {
    long hash(int ordinal);
  }
}
