// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Unsigned integers of one width, 0 to 64 bits, back to back from the lowest bit of each byte. */
final class BitPacking {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private BitPacking() {}

  static int bytes(int count, int width) {
    return (int) (((long) count * width + 7) >>> 3);
  }

  /** Appends the lowest {@code width} bits of each value. */
  static void pack(long[] values, int count, int width, ByteWriter out) {
    int length = bytes(count, width);
    out.ensure(length + 16);
    byte[] bytes = out.bytes;
    int at = out.size;
    long mask = width == 64 ? -1 : (1L << width) - 1;
    long word = 0;
    int filled = 0;
    for (int i = 0; i < count; i++) {
      long value = values[i] & mask;
      word |= value << filled;
      filled += width;
      if (filled >= 64) {
        LONG.set(bytes, at, word);
        at += 8;
        filled -= 64;
        word = filled == 0 ? 0 : value >>> (width - filled);
      }
    }
    LONG.set(bytes, at, word); // at most eight bytes too many, into the room ensured above
    out.size += length;
  }

  /** Reads the first {@code count} values from the reader's position on; does not move it. */
  static void unpack(ByteReader in, int count, int width, long[] into, int at) {
    if (width == 0) {
      java.util.Arrays.fill(into, at, at + count, 0);
      return;
    }
    byte[] bytes = in.array();
    int start = in.position();
    long mask = width == 64 ? -1 : (1L << width) - 1;
    int i = 0;
    if (width <= 57) {
      // Eight bytes from any bit on hold 57 bits; near the array's end they would not all be there.
      long lastWord = (long) (bytes.length - 8 - start) * 8 + 7;
      int safe = lastWord < 0 ? 0 : (int) Math.min(count, lastWord / width + 1);
      long bit = 0;
      for (; i < safe; i++, bit += width) {
        long word = (long) LONG.get(bytes, start + (int) (bit >>> 3));
        into[at + i] = (word >>> (bit & 7)) & mask;
      }
    }
    for (; i < count; i++) {
      into[at + i] = slow(bytes, start, (long) i * width, width) & mask;
    }
  }

  /** The value at a place, alone. */
  static long get(byte[] bytes, int start, int index, int width) {
    if (width == 0) {
      return 0;
    }
    long mask = width == 64 ? -1 : (1L << width) - 1;
    return slow(bytes, start, (long) index * width, width) & mask;
  }

  private static long slow(byte[] bytes, int start, long bit, int width) {
    int first = start + (int) (bit >>> 3);
    int shift = (int) (bit & 7);
    int needed = (shift + width + 7) >>> 3;
    long word = 0;
    for (int i = 0; i < Math.min(needed, 8); i++) {
      word |= (bytes[first + i] & 0xffL) << (8 * i);
    }
    word >>>= shift;
    if (needed > 8) {
      word |= (bytes[first + 8] & 0xffL) << (64 - shift);
    }
    return word;
  }
}
