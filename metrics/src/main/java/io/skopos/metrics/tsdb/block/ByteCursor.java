// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import java.nio.charset.StandardCharsets;

/** Reads varints and texts from a piece of a file. */
final class ByteCursor {

  private final PositionalFile file;
  private final long offset;
  private final byte[] bytes;
  private int at;

  /**
   * @param offset where the bytes stand in the file, for messages
   */
  ByteCursor(PositionalFile file, long offset, byte[] bytes) {
    this.file = file;
    this.offset = offset;
    this.bytes = bytes;
  }

  int remaining() {
    return bytes.length - at;
  }

  long position() {
    return offset + at;
  }

  long uvarint() throws DamagedBlock {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at == bytes.length) {
        throw file.damaged(position(), "a number is cut off");
      }
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw file.damaged(position(), "a number is longer than 10 bytes");
  }

  long varint() throws DamagedBlock {
    long zigzag = uvarint();
    return zigzag >>> 1 ^ -(zigzag & 1);
  }

  /** A count of things that take {@code least} bytes each. */
  int count(int least, String what) throws DamagedBlock {
    long count = uvarint();
    if (count < 0 || count > remaining() / least) {
      throw file.damaged(position(), Long.toUnsignedString(count) + " " + what + " have no room");
    }
    return (int) count;
  }

  String text() throws DamagedBlock {
    int length = count(1, "bytes of a text");
    at += length;
    return new String(bytes, at - length, length, StandardCharsets.UTF_8);
  }
}
