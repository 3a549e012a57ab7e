// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads what {@link ByteWriter} wrote, from any bytes at all: never past its end, and counts are
 * checked against a bound before anyone allocates for them. Not thread-safe.
 */
public final class ByteReader {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private int position;
  private int end;

  public ByteReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    reset(bytes, from, to);
  }

  /** Reads other bytes from now on. */
  public void reset(byte[] newBytes, int from, int to) {
    if (from < 0 || to < from || to > newBytes.length) {
      throw new DamagedBytes("bytes " + from + " to " + to + " are wanted of " + newBytes.length);
    }
    bytes = newBytes;
    position = from;
    end = to;
  }

  public byte[] array() {
    return bytes;
  }

  public int position() {
    return position;
  }

  public int end() {
    return end;
  }

  public int remaining() {
    return end - position;
  }

  public int uint8() {
    need(1);
    return bytes[position++] & 0xff;
  }

  public int uint16() {
    need(2);
    int value = (bytes[position] & 0xff) | (bytes[position + 1] & 0xff) << 8;
    position += 2;
    return value;
  }

  public int int32() {
    need(4);
    int value = (int) INT.get(bytes, position);
    position += 4;
    return value;
  }

  public long int64() {
    need(8);
    long value = (long) LONG.get(bytes, position);
    position += 8;
    return value;
  }

  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position >= end) {
        throw new DamagedBytes("a varint runs past the end at byte " + end);
      }
      byte next = bytes[position++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new DamagedBytes("a varint of more than 10 bytes ends at byte " + position);
  }

  public long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A varint from 0 to {@code max}; {@code what} names it in the message. */
  public int count(long max, String what) {
    long value = varint();
    if (value < 0 || value > max || value > Integer.MAX_VALUE) {
      throw new DamagedBytes(
          Long.toUnsignedString(value) + " " + what + " where at most " + max + " can be");
    }
    return (int) value;
  }

  public void skip(int length) {
    if (length < 0) {
      throw new DamagedBytes("a length of " + length);
    }
    need(length);
    position += length;
  }

  public byte[] copy(int length) {
    int from = position;
    skip(length);
    return Arrays.copyOfRange(bytes, from, position);
  }

  /** What {@link ByteWriter#sized} wrote. */
  public byte[] sized() {
    return copy(count(remaining(), "bytes"));
  }

  private void need(int length) {
    if (end - position < length) {
      throw new DamagedBytes(
          length + " bytes are needed at " + position + ", " + (end - position) + " are left");
    }
  }
}
