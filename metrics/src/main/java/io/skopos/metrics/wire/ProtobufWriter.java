// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.web.wire.ProtobufReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes protobuf's wire format into one growing array. Messages inside messages are opened by
 * {@link #begin} and closed by {@link #end}, which moves them to make room for their length. Not
 * thread-safe; reusable.
 */
public final class ProtobufWriter {

  private byte[] bytes = new byte[8192];
  private int size;

  public void clear() {
    size = 0;
  }

  public int size() {
    return size;
  }

  /** The first {@link #size} are what was written; valid until the next write. */
  public byte[] bytes() {
    return bytes;
  }

  public byte[] copy() {
    return Arrays.copyOf(bytes, size);
  }

  /** Opens a message; the mark is for {@link #end}. */
  public int begin(int field) {
    varint((long) field << 3 | ProtobufReader.LENGTH);
    ensure(1);
    return ++size;
  }

  public void end(int mark) {
    int length = size - mark;
    int more = varintSize(length) - 1;
    if (more > 0) {
      ensure(more);
      System.arraycopy(bytes, mark, bytes, mark + more, length);
    }
    int after = size + more;
    size = mark - 1;
    varint(length);
    size = after;
  }

  /** Zero is written too. */
  public void integer(int field, long value) {
    varint((long) field << 3);
    varint(value);
  }

  /** As {@code sint32} or {@code sint64}. */
  public void zigzag(int field, long value) {
    integer(field, zigzag(value));
  }

  public static long zigzag(long value) {
    return value << 1 ^ value >> 63;
  }

  public void float64(int field, double value) {
    varint((long) field << 3 | ProtobufReader.FIXED64);
    bareFloat64(value);
  }

  /** The value alone, in a packed field. */
  public void bareFloat64(double value) {
    ensure(8);
    long bits = Double.doubleToRawLongBits(value);
    for (int i = 0; i < 8; i++) {
      bytes[size++] = (byte) (bits >>> 8 * i);
    }
  }

  public void text(int field, String value) {
    bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  public void bytes(int field, byte[] value) {
    bytes(field, value, 0, value.length);
  }

  public void bytes(int field, byte[] value, int from, int length) {
    varint((long) field << 3 | ProtobufReader.LENGTH);
    varint(length);
    raw(value, from, length);
  }

  /** The bytes as they are. */
  public void raw(byte[] value, int from, int length) {
    ensure(length);
    System.arraycopy(value, from, bytes, size, length);
    size += length;
  }

  /** A number alone, in a packed field or in front of a message. */
  public void varint(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private static int varintSize(int value) {
    return value < 0x80
        ? 1
        : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length + (bytes.length >> 1)));
    }
  }
}
