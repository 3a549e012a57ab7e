// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.model.Fingerprint;
import java.util.Arrays;

/** The distinct values of a column, found with a hash table whose key no sender knows. */
final class Dictionary {

  static final int MOST = 4096;

  /** After so many values, most of them different, it is given up. */
  private static final int TRIAL = 192;

  private static final Fingerprint HASH = Fingerprint.random();

  private int[] slots = new int[2 * MOST];
  private final int[] firsts = new int[MOST];
  private final long[] hashes = new long[MOST];
  private int[] codes = new int[1024];
  private int size;

  /** Whether a dictionary is worth it. */
  boolean build(Values values) {
    int most = Math.min(MOST, Math.max(1, values.count / 2));
    int slotCount = Math.max(64, Integer.highestOneBit(most) << 2);
    slotCount = Math.min(slotCount, slots.length);
    Arrays.fill(slots, 0, slotCount, 0);
    int mask = slotCount - 1;
    if (codes.length < values.count) {
      codes = new int[Math.max(values.count, codes.length * 2)];
    }
    size = 0;
    byte[] text = values.text;
    for (int i = 0; i < values.count; i++) {
      int from = values.from[i];
      int length = values.to[i] - from;
      long hash = HASH.hash64(text, from, length);
      int slot = (int) hash & mask;
      int code;
      while (true) {
        code = slots[slot] - 1;
        if (code < 0) {
          break;
        }
        int first = firsts[code];
        if (hashes[code] == hash
            && Arrays.equals(
                text, values.from[first], values.to[first], text, from, from + length)) {
          break;
        }
        slot = slot + 1 & mask;
      }
      if (code < 0) {
        if (size == most || (i == TRIAL && size > TRIAL * 3 / 4)) {
          return false;
        }
        code = size;
        firsts[size] = i;
        hashes[size] = hash;
        slots[slot] = ++size;
      }
      codes[i] = code;
    }
    return true;
  }

  int size() {
    return size;
  }

  /** The first value that is this one. */
  int first(int code) {
    return firsts[code];
  }

  int code(int value) {
    return codes[value];
  }
}
