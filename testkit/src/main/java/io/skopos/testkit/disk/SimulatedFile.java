// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.disk;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** An inode: the bytes as processes see them, and what of them a crash is sure to leave. */
final class SimulatedFile {

  private static final int BLOCK = 512;

  private byte[] bytes = new byte[256];
  private int length;

  /** Up to here content and length are on the platters. */
  private int syncedLength;

  /** What lay behind the cut when a synced file was shortened and not synced since. */
  private byte[] cutOff = new byte[0];

  int length() {
    return length;
  }

  byte[] content() {
    return Arrays.copyOf(bytes, length);
  }

  void append(byte[] source, int offset, int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length * 2));
    }
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  void read(int offset, byte[] into, int intoOffset, int count) {
    System.arraycopy(bytes, offset, into, intoOffset, count);
  }

  void truncate(int newLength) {
    if (newLength < syncedLength) {
      cutOff = Arrays.copyOfRange(bytes, newLength, syncedLength);
      syncedLength = newLength;
    }
    length = newLength;
  }

  void sync() {
    syncedLength = length;
    cutOff = new byte[0];
  }

  void flipBit(long bit) {
    bytes[(int) (bit / 8)] ^= (byte) (1 << (bit % 8));
  }

  /** Keeps the synced bytes, and of the rest what chance leaves, block by block. */
  void crash(RandomGenerator random) {
    if (cutOff.length > 0 && length == syncedLength && random.nextBoolean()) {
      append(cutOff, 0, cutOff.length); // the cut never reached the disk
    } else {
      crashTail(random);
    }
    sync();
  }

  private void crashTail(RandomGenerator random) {
    int unsynced = length - syncedLength;
    if (unsynced == 0) {
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> length = syncedLength;
      case 1 -> {} // all of it made it
      case 2 -> length = syncedLength + random.nextInt(unsynced + 1);
      default -> {
        // The length made it, but some blocks did not: zeros, or rubbish of an earlier file.
        int block = syncedLength;
        while (block < length) {
          int end = Math.min(length, (block / BLOCK + 1) * BLOCK);
          if (random.nextBoolean()) {
            fill(block, end, random);
          }
          block = end;
        }
      }
    }
  }

  private void fill(int from, int to, RandomGenerator random) {
    if (random.nextInt(4) > 0) {
      Arrays.fill(bytes, from, to, (byte) 0);
    } else {
      for (int i = from; i < to; i++) {
        bytes[i] = (byte) random.nextInt();
      }
    }
  }
}
