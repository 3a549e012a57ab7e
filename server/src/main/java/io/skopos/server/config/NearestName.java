// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds what a mistyped name was meant to be. */
final class NearestName {

  private NearestName() {}

  /** The known name with the fewest edits, or null when none is near enough to be meant. */
  static @Nullable String of(String wrong, Collection<String> known) {
    String nearest = null;
    int least = Math.max(2, wrong.length() / 3) + 1;
    for (String name : known) {
      int edits = edits(wrong, name);
      if (edits < least) {
        least = edits;
        nearest = name;
      }
    }
    return nearest;
  }

  /** Optimal string alignment: insertions, deletions, substitutions, swaps of neighbours. */
  private static int edits(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int same = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        int best =
            Math.min(cost[i - 1][j - 1] + same, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          best = Math.min(best, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = best;
      }
    }
    return cost[from.length()][to.length()];
  }
}
