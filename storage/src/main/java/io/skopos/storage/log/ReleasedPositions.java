// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.DiskReader;
import io.skopos.storage.disk.DiskWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The file {@code released}: up to which position each shard's frames need not be read again. It
 * only spares work: when it is missing or damaged, the manifests still tell which rows are in
 * parts.
 *
 * @param firstSequence segments before this one are leftovers of a removal
 * @param positions per shard, -1 for none
 */
record ReleasedPositions(long firstSequence, long[] positions) {

  /** {@code SKOPREL1} in file order. */
  private static final long MAGIC = 0x314c4552504f4b53L;

  private static final String NAME = "released";

  static ReleasedPositions none(int shardCount) {
    long[] positions = new long[shardCount];
    Arrays.fill(positions, -1);
    return new ReleasedPositions(0, positions);
  }

  /** {@link #none} when there is no whole file of as many shards. */
  static ReleasedPositions read(Disk disk, Path directory, int shardCount) throws IOException {
    Path file = directory.resolve(NAME);
    int length = length(shardCount);
    if (!disk.exists(file) || disk.size(file) != length) {
      return none(shardCount);
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    try (DiskReader reader = disk.open(file)) {
      reader.readFully(0, bytes);
    } catch (IOException e) {
      return none(shardCount);
    }
    if (bytes.getLong(0) != MAGIC
        || bytes.getInt(8) != shardCount
        || bytes.getInt(length - 4) != checksum(bytes)) {
      return none(shardCount);
    }
    long[] positions = new long[shardCount];
    for (int shard = 0; shard < shardCount; shard++) {
      positions[shard] = bytes.getLong(24 + 8 * shard);
    }
    return new ReleasedPositions(bytes.getLong(16), positions);
  }

  /** Replaces the file, durably. */
  void write(Disk disk, Path directory) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length(positions.length)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(MAGIC).putInt(positions.length).putInt(0).putLong(firstSequence);
    for (long position : positions) {
      bytes.putLong(position);
    }
    bytes.putInt(checksum(bytes));
    Path file = directory.resolve(NAME);
    Path next = directory.resolve(NAME + ".next");
    disk.delete(next);
    try (DiskWriter writer = disk.create(next)) {
      writer.write(bytes.flip());
      writer.sync();
    }
    disk.rename(next, file);
    disk.syncDirectory(directory);
  }

  private static int length(int shardCount) {
    return 24 + 8 * shardCount + 4;
  }

  /** Over all bytes before it. */
  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, bytes.capacity() - 4);
    return (int) crc.getValue();
  }
}
