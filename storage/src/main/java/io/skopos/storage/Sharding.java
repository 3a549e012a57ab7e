// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

/**
 * Maps a shard key to a shard. Count and key belong to the data directory (or bucket), not to the
 * machine, and never change after its creation.
 */
public record Sharding(int shardCount, long key0, long key1) {

  public Sharding {
    if (shardCount < 1 || shardCount > 4096) {
      throw new IllegalArgumentException("shard count " + shardCount + " is not in 1..4096");
    }
  }

  /** The shard of a keyed 64-bit hash of a shard key (see {@code Fingerprint}). */
  public int shardOf(long keyHash) {
    return (int) Math.unsignedMultiplyHigh(keyHash, shardCount);
  }
}
