// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes, little-endian. Not thread-safe. */
public final class ByteWriter {

  private byte[] bytes;
  private int length;

  public ByteWriter(int expectedBytes) {
    bytes = new byte[Math.max(16, expectedBytes)];
  }

  public ByteWriter u8(int value) {
    room(1);
    bytes[length++] = (byte) value;
    return this;
  }

  public ByteWriter u16(int value) {
    return u8(value).u8(value >>> 8);
  }

  public ByteWriter i32(int value) {
    return u16(value).u16(value >>> 16);
  }

  public ByteWriter i64(long value) {
    return i32((int) value).i32((int) (value >>> 32));
  }

  /** Unsigned LEB128: a negative value takes ten bytes. */
  public ByteWriter varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      u8((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return u8((int) rest);
  }

  /** Zigzag LEB128, short for values near zero of either sign. */
  public ByteWriter zigzag(long value) {
    return varint((value << 1) ^ (value >> 63));
  }

  public ByteWriter raw(byte[] source, int offset, int count) {
    room(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
    return this;
  }

  public ByteWriter raw(byte[] source) {
    return raw(source, 0, source.length);
  }

  /** Length as varint, then the bytes. */
  public ByteWriter block(byte[] source) {
    return varint(source.length).raw(source);
  }

  /** UTF-8, as {@link #block}. */
  public ByteWriter string(String text) {
    return block(text.getBytes(StandardCharsets.UTF_8));
  }

  public int length() {
    return length;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  private void room(int count) {
    if (count > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, Math.multiplyExact(bytes.length, 2)));
    }
  }
}
