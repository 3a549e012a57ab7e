// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import java.util.Arrays;

/** A growing column of bytes with the few encodings frames are made of. Reused; not thread-safe. */
final class ByteColumn {

  byte[] bytes;
  int size;

  ByteColumn(int capacity) {
    bytes = new byte[capacity];
  }

  void clear() {
    size = 0;
  }

  void put(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  /** Unsigned LEB128. */
  void varint(long value) {
    ensure(10);
    while ((value & ~0x7fL) != 0) {
      bytes[size++] = (byte) (value | 0x80);
      value >>>= 7;
    }
    bytes[size++] = (byte) value;
  }

  /** Small for small absolute values: 0, -1, 1, -2 become 0, 1, 2, 3. */
  void zigzag(long value) {
    varint(value << 1 ^ value >> 63);
  }

  /** Eight bytes, little endian. */
  void int64(long value) {
    ensure(8);
    for (int i = 0; i < 8; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
  }

  void put(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  void put(ByteColumn other) {
    put(other.bytes, 0, other.size);
  }

  void text(byte[] utf8) {
    varint(utf8.length);
    put(utf8, 0, utf8.length);
  }

  void ensure(int more) {
    if (size + more > bytes.length) {
      grow(more);
    }
  }

  /** Rare, and apart so that the callers stay small. */
  private void grow(int more) {
    bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
  }
}
