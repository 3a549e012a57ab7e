// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.blocks;

import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.DiskReader;
import io.skopos.storage.disk.DiskWriter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A block in a file of its own: a header with a checksum per chunk, then the bytes. Nothing is
 * synced; what a crash tears does not fit its checksum and is fetched again. Thread-safe.
 *
 * <pre>
 * 0   4   "SKBL"
 * 4   4   bytes of the block
 * 8   16  its key
 * 24  4   checksum per 64 KiB of the bytes, eight times; unused ones are 0
 * 56  4   0
 * 60  4   checksum of what stands before
 * 64      the bytes
 * </pre>
 */
final class BlockFile {

  static final int HEADER = 64;
  static final int CHUNK = 64 << 10;

  private static final int MAGIC = 'S' | 'K' << 8 | 'B' << 16 | 'L' << 24;
  private static final int CHECKSUMS_AT = 24;
  private static final int CHECKSUM_AT = 60;

  private final BlockKey key;
  private final Path path;
  private final int length;
  private volatile int @Nullable [] checksums;

  /**
   * @param length bytes of the block, without the header
   */
  BlockFile(BlockKey key, Path path, int length) {
    this.key = key;
    this.path = path;
    this.length = length;
  }

  BlockKey key() {
    return key;
  }

  Path path() {
    return path;
  }

  /** Of the file. */
  int bytes() {
    return HEADER + length;
  }

  void write(Disk disk, byte[] block, int from) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(MAGIC).putInt(length).putLong(key.high()).putLong(key.low());
    int[] sums = new int[(length + CHUNK - 1) / CHUNK];
    CRC32C crc = new CRC32C();
    for (int chunk = 0; chunk < sums.length; chunk++) {
      crc.reset();
      crc.update(block, from + chunk * CHUNK, Math.min(CHUNK, length - chunk * CHUNK));
      sums[chunk] = (int) crc.getValue();
      header.putInt(sums[chunk]);
    }
    crc.reset();
    crc.update(header.array(), 0, CHECKSUM_AT);
    header.putInt(CHECKSUM_AT, (int) crc.getValue()).clear();
    boolean _ = disk.delete(path);
    try (DiskWriter writer = disk.create(path)) {
      writer.write(header, ByteBuffer.wrap(block, from, length));
    }
    checksums = sums;
  }

  /**
   * Copies bytes of the block.
   *
   * @return false when they are not what was written
   */
  boolean read(Disk disk, int offset, ByteBuffer into) throws IOException {
    try (DiskReader reader = disk.open(path)) {
      int[] sums = checksums;
      if (sums == null) {
        sums = readHeader(reader);
        if (sums == null) {
          return false;
        }
        checksums = sums;
      }
      int firstChunk = offset / CHUNK;
      int end = offset + into.remaining();
      int from = firstChunk * CHUNK;
      int to = Math.min(length, (end + CHUNK - 1) / CHUNK * CHUNK);
      byte[] bytes = new byte[to - from];
      reader.readFully(HEADER + (long) from, ByteBuffer.wrap(bytes));
      CRC32C crc = new CRC32C();
      for (int at = from; at < to; at += CHUNK) {
        crc.reset();
        crc.update(bytes, at - from, Math.min(CHUNK, to - at));
        if ((int) crc.getValue() != sums[at / CHUNK]) {
          return false;
        }
      }
      into.put(bytes, offset - from, end - offset);
      return true;
    } catch (EOFException e) {
      return false;
    }
  }

  private int @Nullable [] readHeader(DiskReader reader) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    reader.readFully(0, header);
    CRC32C crc = new CRC32C();
    crc.update(header.array(), 0, CHECKSUM_AT);
    if (header.getInt(0) != MAGIC
        || header.getInt(4) != length
        || header.getLong(8) != key.high()
        || header.getLong(16) != key.low()
        || header.getInt(CHECKSUM_AT) != (int) crc.getValue()) {
      return null;
    }
    int[] sums = new int[(length + CHUNK - 1) / CHUNK];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = header.getInt(CHECKSUMS_AT + Integer.BYTES * i);
    }
    return sums;
  }
}
