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
import org.jspecify.annotations.Nullable;

/**
 * Integers, each in as many bits as what it is above the least one needs; any of them is read at
 * once.
 */
public final class PackedInts {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Wider ones take 64 bits: a value of up to 57 lies within one unaligned word. */
  private static final int WIDEST = 57;

  public final int count;
  public final long least;
  public final int width;
  private final long mask;
  private final @Nullable Blob blob;
  private byte[] bytes = new byte[0];
  private int from = -1;

  private PackedInts(int count, long least, int width, @Nullable Blob blob) {
    this.count = count;
    this.least = least;
    this.width = width;
    this.mask = width == 64 ? -1 : (1L << width) - 1;
    this.blob = blob;
  }

  static int width(long least, long greatest) {
    long range = greatest - least;
    if (range < 0) {
      return 64;
    }
    int bits = 64 - Long.numberOfLeadingZeros(range);
    return bits > WIDEST ? 64 : bits;
  }

  static void write(
      long[] values,
      int count,
      PartWriter.Codec codec,
      ByteWriter directory,
      ByteWriter scratch,
      PageSink pages)
      throws IOException {
    long least = count == 0 ? 0 : values[0];
    long greatest = least;
    for (int i = 1; i < count; i++) {
      least = Math.min(least, values[i]);
      greatest = Math.max(greatest, values[i]);
    }
    int width = width(least, greatest);
    directory.zigzag(least);
    directory.int8(width);
    if (width == 0) {
      return;
    }
    int length = length(count, width);
    scratch.clear();
    scratch.ensure(length + 8);
    pack(values, count, least, width, scratch.bytes);
    Blob.write(scratch.bytes, length, codec, directory, pages);
  }

  private static int length(int count, int width) {
    return Math.toIntExact(((long) count * width + 7) / 8);
  }

  private static void pack(long[] values, int count, long least, int width, byte[] into) {
    if (width == 64) {
      for (int i = 0; i < count; i++) {
        LONG.set(into, i * 8, values[i] - least);
      }
      return;
    }
    long buffer = 0;
    int filled = 0;
    int at = 0;
    for (int i = 0; i < count; i++) {
      long value = values[i] - least;
      buffer |= value << filled;
      filled += width;
      if (filled >= 64) {
        LONG.set(into, at, buffer);
        at += 8;
        filled -= 64;
        buffer = filled == 0 ? 0 : value >>> (width - filled);
      }
    }
    LONG.set(into, at, buffer);
  }

  static PackedInts read(int count, ByteReader in, PageSource pages) {
    long least = in.zigzag();
    int width = in.uint8();
    if (width > WIDEST && width != 64) {
      throw new DamagedBytes("integers of " + width + " bits");
    }
    if (width == 0) {
      return new PackedInts(count, least, 0, null);
    }
    Blob blob = Blob.read(in, pages);
    blob.need(((long) count * width + 7) / 8);
    return new PackedInts(count, least, width, blob);
  }

  private void load() {
    Blob packed = blob;
    if (packed == null) {
      throw new IllegalStateException("integers of no bits have no bytes");
    }
    packed.load();
    bytes = packed.bytes;
    from = packed.from;
  }

  /** No value is greater. */
  double greatest() {
    return width == 0 ? least : (double) least + Math.scalb(1.0, width);
  }

  long get(int i) {
    if (width == 0) {
      return least;
    }
    if (from < 0) {
      load();
    }
    if (width == 64) {
      return least + (long) LONG.get(bytes, from + i * 8);
    }
    long bit = (long) i * width;
    return least + ((long) LONG.get(bytes, from + (int) (bit >>> 3)) >>> (bit & 7) & mask);
  }
}
