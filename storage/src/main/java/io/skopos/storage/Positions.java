// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import java.util.Arrays;

/**
 * Where a write lies in the log: one (shard, position) pair per frame, in the order of its frames.
 * A reader who asks a shard for "at least this position" sees the rows.
 */
public final class Positions {

  private final int[] shards;
  private final long[] positions;

  /** Takes over both arrays, which have equal lengths. */
  public Positions(int[] shards, long[] positions) {
    if (shards.length != positions.length) {
      throw new IllegalArgumentException(
          shards.length + " shards do not fit " + positions.length + " positions");
    }
    this.shards = shards;
    this.positions = positions;
  }

  /** How many frames. */
  public int size() {
    return shards.length;
  }

  public int shard(int frame) {
    return shards[frame];
  }

  public long position(int frame) {
    return positions[frame];
  }

  @Override
  public String toString() {
    return "Positions" + Arrays.toString(shards) + Arrays.toString(positions);
  }
}
