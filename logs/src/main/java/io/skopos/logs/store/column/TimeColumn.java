// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteReader;
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

  private final int width;
  private final Blob blob;

  private TimeColumn(int width, Blob blob) {
    this.width = width;
    this.blob = blob;
  }

  /**
   * @param runEnds per run, the number of rows up to its end; times ascend within a run
   */
  public static void write(
      long[] times,
      int rows,
      int[] runEnds,
      ByteWriter directory,
      ByteWriter scratch,
      PageSink pages)
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
    directory.int8(width);
    if (width == 0) {
      return;
    }
    scratch.clear();
    scratch.ensure(rows * width + 8);
    run = 0;
    for (int row = 0; row < rows; row++) {
      boolean first = row == 0 || row == runEnds[run];
      if (row > 0 && first) {
        run++;
      }
      LONG.set(scratch.bytes, scratch.size, first ? 0 : times[row] - times[row - 1]);
      scratch.size += width;
    }
    Blob.write(
        scratch.bytes, scratch.size, PartWriter.Codec.COMPRESSED, directory, pages);
  }

  public static TimeColumn read(int rows, ByteReader in, PageSource pages) {
    int width = in.uint8();
    if (width > 8) {
      throw new DamagedBytes("times of " + width + " bytes");
    }
    Blob blob = null;
    if (width > 0) {
      blob = Blob.read(in, pages);
      blob.need((long) rows * width);
    }
    return new TimeColumn(width, blob);
  }

  /**
   * The times of rows {@code from} to {@code to} of a run, from {@code place} on.
   *
   * @param first the run's first time
   */
  public void fill(int from, int to, long first, long[] into, int place) {
    long time = first;
    if (width == 0) {
      for (int row = from; row < to; row++) {
        into[place + row - from] = time;
      }
      return;
    }
    blob.load();
    byte[] bytes = blob.bytes;
    long mask = width == 8 ? -1 : (1L << 8 * width) - 1;
    int at = blob.from + from * width;
    for (int i = 0; i < to - from; i++) {
      time += (long) LONG.get(bytes, at) & mask;
      into[place + i] = time;
      at += width;
    }
  }
}
