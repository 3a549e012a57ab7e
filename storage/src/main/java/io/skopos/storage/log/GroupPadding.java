// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What fills the last page of a group up, so that the next group need not write that page again: a
 * header and zeros. Groups of less than a page have none.
 */
final class GroupPadding {

  static final int PAGE = 4096;

  /** Magic, checksum, length, salt. */
  static final int HEADER_LENGTH = 20;

  /** {@code SKPD} in file order. */
  private static final int MAGIC = 0x44504b53;

  private static final byte[] ZEROS = new byte[PAGE];

  private GroupPadding() {}

  /**
   * How many bytes to add behind a group.
   *
   * @param end of the group in the file
   * @return 0 for none, else at least the header's length
   */
  static int length(long end, long groupBytes) {
    int rest = (int) (-end & PAGE - 1);
    return groupBytes < PAGE || rest < HEADER_LENGTH ? 0 : rest;
  }

  /** Writes all of it at the buffer's position. */
  static void write(ByteBuffer buffer, int length, long salt) {
    int start = buffer.position();
    ByteBuffer padding = buffer.slice(start, length).order(ByteOrder.LITTLE_ENDIAN);
    padding.putInt(MAGIC).putInt(0).putInt(length).putLong(salt);
    padding.putInt(4, FrameHeader.checksum(padding, HEADER_LENGTH));
    padding.put(ZEROS, 0, length - HEADER_LENGTH);
    buffer.position(start + length);
  }

  /** The length of the padding that begins at the buffer's position; 0 when none does. */
  static int read(ByteBuffer bytes, long salt) {
    if (bytes.remaining() < HEADER_LENGTH) {
      return 0;
    }
    ByteBuffer padding = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    int length = padding.getInt(8);
    return padding.getInt(0) == MAGIC
            && padding.getLong(12) == salt
            && padding.getInt(4) == FrameHeader.checksum(padding, HEADER_LENGTH)
            && length >= HEADER_LENGTH
            && length < PAGE
        ? length
        : 0;
  }
}
