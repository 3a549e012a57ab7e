// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

/** Reads a bit stream, highest bit first. Reading past its end is a {@link DamagedChunk}. */
final class BitReader {

  private final byte[] bytes;
  private final long endBit;
  private long bit;

  BitReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    bit = offset * 8L;
    endBit = bit + length * 8L;
  }

  long remaining() {
    return endBit - bit;
  }

  boolean bit() {
    return bits(1) != 0;
  }

  /**
   * @param count 0 to 64
   */
  long bits(int count) {
    if (count > endBit - bit) {
      throw new DamagedChunk("the bits end early: " + count + " wanted, " + remaining() + " left");
    }
    long value = 0;
    int left = count;
    while (left > 0) {
      int inByte = (int) (bit & 7);
      int now = Math.min(left, 8 - inByte);
      int part = (bytes[(int) (bit >>> 3)] & 0xff) >>> (8 - inByte - now) & ((1 << now) - 1);
      value = value << now | part;
      bit += now;
      left -= now;
    }
    return value;
  }

  /** Two's complement in {@code count} bits, where the one pattern 10…0 is positive. */
  long signed(int count) {
    long value = bits(count);
    return value > 1L << (count - 1) ? value - (1L << count) : value;
  }

  double float64() {
    return Double.longBitsToDouble(bits(64));
  }

  /** LEB128, in bytes that need not be aligned. */
  long uvarint() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      long next = bits(8);
      value |= (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new DamagedChunk("a varint is longer than 10 bytes");
  }

  long varint() {
    long zigzag = uvarint();
    return zigzag >>> 1 ^ -(zigzag & 1);
  }

  /** The integers of histogram chunks: a unary length class, then the bits. */
  long varbitInt() {
    int width = varbitWidth();
    return width == 0 ? 0 : width == 64 ? bits(64) : signed(width);
  }

  long varbitUint() {
    return bits(varbitWidth());
  }

  private int varbitWidth() {
    int ones = 0;
    while (ones < 8 && bit()) {
      ones++;
    }
    return VarbitWidths.AFTER_ONES[ones];
  }
}
