// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link ByteWriter} wrote. Never reads behind its end and never allocates more than
 * what is there: bytes that do not fit are a {@link MalformedBytes}. Not thread-safe.
 */
public final class ByteReader {

  private final byte[] bytes;
  private final int end;
  private int position;

  public ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  public ByteReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.position = offset;
    this.end = offset + length;
  }

  public int u8() throws MalformedBytes {
    need(1);
    return bytes[position++] & 0xff;
  }

  public int u16() throws MalformedBytes {
    return u8() | u8() << 8;
  }

  public int i32() throws MalformedBytes {
    return u16() | u16() << 16;
  }

  public long i64() throws MalformedBytes {
    return (i32() & 0xffff_ffffL) | (long) i32() << 32;
  }

  public long varint() throws MalformedBytes {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new MalformedBytes("a number of more than ten bytes ends at " + position);
  }

  public long zigzag() throws MalformedBytes {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  /**
   * A count of things that take at least {@code leastBytes} each, so that a wrong one cannot make
   * the reader allocate more than the bytes could hold.
   */
  public int count(int leastBytes) throws MalformedBytes {
    int at = position;
    long count = varint();
    if (count < 0 || count > (end - position) / leastBytes) {
      throw new MalformedBytes(
          "a count of "
              + Long.toUnsignedString(count)
              + " at "
              + at
              + " does not fit into the "
              + (end - position)
              + " bytes behind it");
    }
    return (int) count;
  }

  public byte[] raw(int count) throws MalformedBytes {
    need(count);
    position += count;
    return Arrays.copyOfRange(bytes, position - count, position);
  }

  public byte[] block() throws MalformedBytes {
    return raw(count(1));
  }

  public String string() throws MalformedBytes {
    return new String(block(), StandardCharsets.UTF_8);
  }

  public int position() {
    return position;
  }

  public int remaining() {
    return end - position;
  }

  public void expectEnd() throws MalformedBytes {
    if (position != end) {
      throw new MalformedBytes((end - position) + " bytes are left at " + position);
    }
  }

  private void need(int count) throws MalformedBytes {
    if (count < 0 || count > end - position) {
      throw new MalformedBytes(
          count + " bytes are needed at " + position + ", " + (end - position) + " are there");
    }
  }
}
