// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The times of a block's rows: how much later each is than the one before it in its run, all in as
 * many whole bytes as the greatest takes. Writers of logs repeat themselves, and zstd sees repeated
 * bytes.
 */
public final class TimeColumn {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private final int width;

  private TimeColumn(byte[] bytes, int width) {
    this.bytes = bytes;
    this.width = width;
  }

  /**
   * Writes a page of its own: times are asked for more often than anything else.
   *
   * @param runEnds per run, the number of rows up to its end; times ascend within a run
   */
  public static void write(
      long[] times, int rows, int[] runEnds, ByteWriter scratch, PageSink pages)
      throws IOException {
    long largest = 0;
    int run = 0;
    for (int row = 1; row < rows; row++) {
      if (row == runEnds[run]) {
        run++;
      } else {
        largest |= times[row] - times[row - 1];
      }
    }
    int width = (71 - Long.numberOfLeadingZeros(largest)) / 8;
    scratch.clear();
    scratch.ensure(1 + rows * width + 8);
    scratch.int8(width);
    run = 0;
    for (int row = 0; row < rows && width > 0; row++) {
      boolean first = row == 0 || row == runEnds[run];
      if (row > 0 && first) {
        run++;
      }
      LONG.set(scratch.bytes, scratch.size, first ? 0 : times[row] - times[row - 1]);
      scratch.size += width;
    }
    pages.page(scratch.bytes, 0, scratch.size, PartWriter.Codec.COMPRESSED);
  }

  /**
   * @param page with room behind its end
   * @throws DamagedBytes when no writer wrote this
   */
  public static TimeColumn read(int rows, byte[] page, int length) {
    int width = length == 0 ? 9 : page[0];
    if (width < 0 || width > 8 || 1 + (long) rows * width > length) {
      throw new DamagedBytes(rows + " times of " + width + " bytes in a page of " + length);
    }
    return new TimeColumn(page, width);
  }

  /**
   * The times of rows {@code from} to {@code to} of a run, from {@code place} on.
   *
   * @param first the run's first time
   */
  public void fill(int from, int to, long first, long[] into, int place) {
    long time = first;
    if (width == 0) {
      for (int i = 0; i < to - from; i++) {
        into[place + i] = time;
      }
      return;
    }
    long mask = width == 8 ? -1 : (1L << 8 * width) - 1;
    int at = 1 + from * width;
    for (int i = 0; i < to - from; i++) {
      time += (long) LONG.get(bytes, at) & mask;
      into[place + i] = time;
      at += width;
    }
  }
}
