// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

import java.util.Arrays;

/** Writes a bit stream, highest bit first, behind a header that may be changed later. */
final class BitWriter {

  private byte[] bytes = new byte[128];
  private long bit;

  /** Whole bytes, the last one filled with zeros. */
  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length());
  }

  int length() {
    return (int) ((bit + 7) >>> 3);
  }

  void setByte(int at, int value) {
    bytes[at] = (byte) value;
  }

  void bit(boolean one) {
    bits(one ? 1 : 0, 1);
  }

  /** The lowest {@code count} bits (0 to 64). */
  void bits(long value, int count) {
    int needed = (int) ((bit + count + 7) >>> 3);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
    }
    int left = count;
    while (left > 0) {
      int inByte = (int) (bit & 7);
      int now = Math.min(left, 8 - inByte);
      int part = (int) (value >>> (left - now)) & ((1 << now) - 1);
      bytes[(int) (bit >>> 3)] |= (byte) (part << (8 - inByte - now));
      bit += now;
      left -= now;
    }
  }

  void float64(double value) {
    bits(Double.doubleToRawLongBits(value), 64);
  }

  void uvarint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bits(rest & 0x7f | 0x80, 8);
      rest >>>= 7;
    }
    bits(rest, 8);
  }

  void varint(long value) {
    uvarint(value << 1 ^ value >> 63);
  }

  void varbitInt(long value) {
    int ones = 0;
    if (value != 0) {
      do {
        ones++;
      } while (!fits(value, VarbitWidths.AFTER_ONES[ones]));
    }
    varbit(value, ones);
  }

  void varbitUint(long value) {
    int ones = 0;
    while (VarbitWidths.AFTER_ONES[ones] < 64 - Long.numberOfLeadingZeros(value)) {
      ones++;
    }
    varbit(value, ones);
  }

  private void varbit(long value, int ones) {
    bits(0xff, ones);
    if (ones < VarbitWidths.AFTER_ONES.length - 1) {
      bit(false);
    }
    bits(value, VarbitWidths.AFTER_ONES[ones]);
  }

  /** Whether {@link BitReader#signed} gives it back. */
  static boolean fits(long value, int width) {
    return width == 64 || (value > -(1L << (width - 1)) && value <= 1L << (width - 1));
  }
}
