// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing byte array. Fields are public for the hot loops; not thread-safe. */
public final class ByteWriter {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  public byte[] bytes;
  public int size;

  public ByteWriter(int capacity) {
    bytes = new byte[capacity];
  }

  /** Makes room for {@code more} bytes behind {@link #size}. */
  public void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
    }
  }

  public void clear() {
    size = 0;
  }

  public void int8(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  public void int16(int value) {
    ensure(2);
    bytes[size++] = (byte) value;
    bytes[size++] = (byte) (value >>> 8);
  }

  public void int32(int value) {
    ensure(4);
    INT.set(bytes, size, value);
    size += 4;
  }

  public void int64(long value) {
    ensure(8);
    LONG.set(bytes, size, value);
    size += 8;
  }

  /** Unsigned LEB128: 1 to 10 bytes. */
  public void varint(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** A signed number as varint, small magnitudes short. */
  public void zigzag(long value) {
    varint((value << 1) ^ (value >> 63));
  }

  public void put(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  /** Length as varint, then the bytes. */
  public void sized(byte[] source, int offset, int length) {
    varint(length);
    put(source, offset, length);
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** How many bytes {@link #varint} writes. */
  public static int varintSize(long value) {
    return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  public static int zigzagSize(long value) {
    return varintSize((value << 1) ^ (value >> 63));
  }
}
