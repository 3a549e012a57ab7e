// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import java.nio.file.Path;
import java.util.Arrays;

/** What is known of one segment file. Guarded by the log that owns it. */
final class Segment {

  private final Path file;
  private final long sequence;
  private final long[] lastPositions;
  private long length;
  private boolean damaged;

  Segment(Path file, long sequence, int shardCount) {
    this.file = file;
    this.sequence = sequence;
    this.lastPositions = new long[shardCount];
    Arrays.fill(lastPositions, -1);
  }

  Path file() {
    return file;
  }

  long sequence() {
    return sequence;
  }

  /** Bytes that count: synced and whole. */
  long length() {
    return length;
  }

  void length(long bytes) {
    length = bytes;
  }

  boolean damaged() {
    return damaged;
  }

  void markDamaged() {
    damaged = true;
  }

  void holds(int shard, long position) {
    if (shard < lastPositions.length) {
      lastPositions[shard] = Math.max(lastPositions[shard], position);
    }
  }

  boolean isEmpty() {
    for (long position : lastPositions) {
      if (position >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether every frame is at or before the released positions. */
  boolean isCoveredBy(long[] released) {
    for (int shard = 0; shard < lastPositions.length; shard++) {
      if (lastPositions[shard] > released[shard]) {
        return false;
      }
    }
    return true;
  }

  /** {@code 0000000042.segment}; sorts by sequence. */
  static String nameOf(long sequence) {
    return "%010d.segment".formatted(sequence);
  }

  /** The sequence in a file's name, or -1 when it is not a segment's. */
  static long sequenceOf(String name) {
    if (!name.matches("[0-9]{10,18}\\.segment")) {
      return -1;
    }
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }
}
