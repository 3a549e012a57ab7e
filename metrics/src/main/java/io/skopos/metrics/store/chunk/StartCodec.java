// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;

/**
 * When counting began, for each sample of a chunk: the same for long, or moving along with the
 * samples' times, hence an integer column of starts or of their distances to the times, whichever
 * is smaller. Reusable, not thread-safe.
 */
public final class StartCodec {

  private static final int STARTS = 0;
  private static final int BEFORE_TIMES = 1;

  private final IntegerEncoder integers = new IntegerEncoder();
  private final ByteWriter absolute = new ByteWriter(256);
  private final ByteWriter relative = new ByteWriter(256);
  private long[] column = new long[256];

  /**
   * Appends the starts of samples {@code from} (inclusive) to {@code to}; 0 stands for none.
   *
   * @return false, and nothing is written, when there are none
   */
  public boolean encode(long[] startsMs, long[] timesMs, int from, int to, ByteWriter out) {
    int count = to - from;
    ensure(count);
    boolean any = false;
    for (int i = from; i < to; i++) {
      any |= startsMs[i] != 0;
      column[i - from] = timesMs[i] - startsMs[i];
    }
    if (!any) {
      return false;
    }
    absolute.clear();
    absolute.int8(STARTS);
    integers.encode(startsMs, from, count, absolute);
    relative.clear();
    relative.int8(BEFORE_TIMES);
    integers.encode(column, 0, count, relative);
    ByteWriter smaller = relative.size < absolute.size ? relative : absolute;
    out.put(smaller.bytes, 0, smaller.size);
    return true;
  }

  /**
   * Decodes those of samples {@code from} to {@code to} of a chunk.
   *
   * @param into gets them from index {@code at} on
   * @throws DamagedBytes when this class did not write this
   */
  public void decode(ByteReader in, TimeColumn times, int from, int to, long[] into, int at) {
    int kind = in.uint8();
    if (kind != STARTS && kind != BEFORE_TIMES) {
      throw new DamagedBytes("starts begin with " + kind);
    }
    ensure(to);
    IntegerDecoder.decode(in, times.size(), to, column);
    for (int i = from; i < to; i++) {
      into[at + i - from] = kind == STARTS ? column[i] : times.timeMs(i) - column[i];
    }
  }

  private void ensure(int count) {
    if (column.length < count) {
      column = new long[Math.max(count, 2 * column.length)];
    }
  }
}
