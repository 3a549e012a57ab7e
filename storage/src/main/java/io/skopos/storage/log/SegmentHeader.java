// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first 64 bytes of a segment; a {@link SegmentDictionary} may follow. Layout in
 * docs/formats/ingest-log.md.
 *
 * @param salt random; every frame of the segment repeats it, so that bytes of another file or of a
 *     recycled block are never taken for frames
 * @param firstPosition every frame of this segment has this position or a greater one
 * @param previousSequence of the segment before, -1 for none
 * @param previousLength how many bytes of the segment before count; what lies behind was refused
 */
record SegmentHeader(
    long sequence,
    long salt,
    long firstPosition,
    long createdMs,
    long previousSequence,
    long previousLength) {

  static final int LENGTH = 64;
  static final int VERSION = 3;

  /** Without padding. */
  private static final int VERSION_BEFORE = 2;

  /** {@code SKOPLOG1} in file order. */
  private static final long MAGIC = 0x31474f4c504f4b53L;

  private static final int CRC_OFFSET = 12;

  void writeTo(ByteBuffer buffer) {
    int start = buffer.position();
    ByteBuffer header = buffer.slice(start, LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putInt(VERSION).putInt(0);
    header.putLong(sequence).putLong(salt).putLong(firstPosition).putLong(createdMs);
    header.putLong(previousSequence).putLong(previousLength);
    header.putInt(CRC_OFFSET, checksum(header));
    buffer.position(start + LENGTH);
  }

  /** Null when the bytes are no header. */
  static @Nullable SegmentHeader read(ByteBuffer bytes) {
    ByteBuffer header = bytes.slice(bytes.position(), LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    int version = header.getInt(8);
    if (header.getLong(0) != MAGIC
        || (version != VERSION && version != VERSION_BEFORE)
        || header.getInt(CRC_OFFSET) != checksum(header)) {
      return null;
    }
    return new SegmentHeader(
        header.getLong(16),
        header.getLong(24),
        header.getLong(32),
        header.getLong(40),
        header.getLong(48),
        header.getLong(56));
  }

  /** Over the whole header but the checksum itself. */
  private static int checksum(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.duplicate().position(0).limit(CRC_OFFSET));
    crc.update(header.duplicate().position(CRC_OFFSET + 4).limit(LENGTH));
    return (int) crc.getValue();
  }
}
