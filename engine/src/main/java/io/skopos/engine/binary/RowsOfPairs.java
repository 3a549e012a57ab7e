// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.binary;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which row of the result a pair of series has. A table where few pairs are possible; where many
 * are, as in a join of everything with everything, only of those that occur. Not thread-safe.
 */
final class RowsOfPairs {

  private static final long LARGEST_TABLE = 1 << 16;

  private final int second;
  private final int @Nullable [] table;
  private final Map<Long, Integer> occurring = new HashMap<>(0);

  RowsOfPairs(int first, int second) {
    this.second = second;
    if ((long) first * second <= LARGEST_TABLE) {
      table = new int[first * second];
      Arrays.fill(table, -1);
    } else {
      table = null;
    }
  }

  /** -1 when the pair has none yet. */
  int get(int i, int j) {
    long pair = (long) i * second + j;
    return table != null ? table[(int) pair] : occurring.getOrDefault(pair, -1);
  }

  void put(int i, int j, int row) {
    long pair = (long) i * second + j;
    if (table != null) {
      table[(int) pair] = row;
    } else {
      occurring.put(pair, row);
    }
  }
}
