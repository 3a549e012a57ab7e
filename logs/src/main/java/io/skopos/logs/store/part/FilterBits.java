// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import io.skopos.logs.store.column.GramSink;
import io.skopos.logs.store.column.Grams;
import java.util.Arrays;

/**
 * The grams of a block's texts, and the filter made of them: two bits set for each. Used again for
 * the next block. Not thread-safe.
 */
final class FilterBits implements GramSink, Grams.Sink {

  /** Bits for each gram, at least; up to half as many again. */
  private static final double BITS = 5.2;

  private static final int SMALLEST = 1 << 10;
  private static final int LARGEST = 1 << 26;
  private static final int SEEN = 1 << 15;

  private long[] grams = new long[1 << 14];
  private int count;
  private final long[] seen = new long[SEEN];

  @Override
  public void text(byte[] bytes, int from, int to) {
    if (to - from >= 6) {
      Grams.pick(bytes, from, to, this);
    }
  }

  @Override
  public void run(byte[] bytes, int from, int to) {
    Grams.pickRun(bytes, from, to, this);
  }

  @Override
  public void gram(long hash) {
    int slot = (int) hash & (SEEN - 1);
    if (seen[slot] == hash) {
      return;
    }
    seen[slot] = hash;
    if (count == grams.length) {
      grams = Arrays.copyOf(grams, count * 2);
    }
    grams[count++] = hash;
  }

  /** The filter; its size is one of few. Forgets the grams. */
  long[] take() {
    int bits = size(count);
    long[] filter = new long[bits / 64];
    for (int i = 0; i < count; i++) {
      int first = first(grams[i], bits);
      int second = second(grams[i], bits);
      filter[first >>> 6] |= 1L << first;
      filter[second >>> 6] |= 1L << second;
    }
    count = 0;
    Arrays.fill(seen, 0);
    return filter;
  }

  private static int size(int grams) {
    long wanted = (long) (grams * BITS);
    int size = SMALLEST;
    while (size < wanted && size < LARGEST) {
      // 2^k, 1.5 * 2^k, and on.
      size = Integer.bitCount(size) == 1 ? size + (size >> 1) : size / 3 * 4;
    }
    return size;
  }

  static int first(long gram, int bits) {
    return (int) ((gram >>> 32) * bits >>> 32);
  }

  static int second(long gram, int bits) {
    return (int) (((gram * 0x94d049bb133111ebL) >>> 32) * bits >>> 32);
  }
}
