// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import java.util.Arrays;
import java.util.List;

/**
 * Rows of one tenant's day and shard that are not in a part yet, as the blocks they came in. One
 * thread adds; any number read what was added before they looked.
 */
final class RowHead {

  /** What a reader sees; replaced as a whole. */
  private record State(RowBlock[] blocks, long[] positions, int count, RowDeletions deletions) {}

  private volatile State state = new State(new RowBlock[4], new long[4], 0, RowDeletions.NONE);
  private volatile long bytes;

  /** Only by the shard's writer. */
  void add(RowBlock block, long position) {
    State now = state;
    RowBlock[] blocks = now.blocks;
    long[] positions = now.positions;
    if (now.count == blocks.length) {
      blocks = Arrays.copyOf(blocks, now.count * 2);
      positions = Arrays.copyOf(positions, now.count * 2);
    }
    // Behind the count of every published state, so no reader looks at it yet.
    blocks[now.count] = block;
    positions[now.count] = position;
    bytes += block.heapBytes();
    state = new State(blocks, positions, now.count + 1, now.deletions);
  }

  /** Only by the shard's writer. */
  void delete(RowDeletions deletions) {
    State now = state;
    state = new State(now.blocks, now.positions, now.count, deletions);
  }

  RowDeletions deletions() {
    return state.deletions;
  }

  long bytes() {
    return bytes;
  }

  /** Adds the rows within the times, hidden ones too. */
  void collect(long fromTime, long toTime, List<RowRef> into) {
    State now = state;
    for (int i = 0; i < now.count; i++) {
      RowBlock block = now.blocks[i];
      if (block.minTime() > toTime || block.maxTime() < fromTime) {
        continue;
      }
      for (int row = 0; row < block.rows(); row++) {
        long time = block.time(row);
        if (time >= fromTime && time <= toTime) {
          into.add(new RowRef(block, row, now.positions[i], now.deletions));
        }
      }
    }
  }

  /** Greatest position of a row here, hidden or not; -1 when empty. */
  long maxPosition() {
    State now = state;
    return now.count == 0 ? -1 : now.positions[now.count - 1];
  }

  long minPosition() {
    State now = state;
    return now.count == 0 ? Long.MAX_VALUE : now.positions[0];
  }
}
