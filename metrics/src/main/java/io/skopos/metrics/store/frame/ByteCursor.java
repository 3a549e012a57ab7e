// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import java.util.Arrays;

/** Reads what {@link ByteColumn} wrote; every step is bounds-checked. Not thread-safe. */
final class ByteCursor {

  final byte[] bytes;
  int position;
  final int end;

  ByteCursor(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  int remaining() {
    return end - position;
  }

  int get() {
    if (position >= end) {
      throw new DamagedFrame("it ends at byte " + end + " in the middle of a field");
    }
    return bytes[position++] & 0xff;
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = get();
      value |= (next & 0x7fL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new DamagedFrame("a number at byte " + position + " has more than ten bytes");
  }

  long zigzag() {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  long int64() {
    if (remaining() < 8) {
      throw new DamagedFrame("it ends at byte " + end + " in the middle of a field");
    }
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value |= (bytes[position++] & 0xffL) << (8 * i);
    }
    return value;
  }

  /** A number that counts something of which there cannot be more than {@code limit}. */
  int count(String what, int limit) {
    long value = varint();
    if (value < 0 || value > limit) {
      throw new DamagedFrame(
          Long.toUnsignedString(value)
              + " "
              + what
              + " at byte "
              + position
              + ", at most "
              + limit
              + " are possible");
    }
    return (int) value;
  }

  /** A length of bytes that follow. */
  int length(String what) {
    return count("bytes of " + what, remaining());
  }

  /** Within {@link #remaining}, as {@link #length} has made sure. */
  void skip(int length) {
    position += length;
  }

  byte[] text(String what) {
    int length = length(what);
    position += length;
    return Arrays.copyOfRange(bytes, position - length, position);
  }
}
