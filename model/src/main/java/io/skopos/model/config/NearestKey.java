// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the known key a misspelt one was probably meant to be. */
public final class NearestKey {

  private NearestKey() {}

  /** Null when none is near: more than a third of its characters would have to change. */
  public static @Nullable String of(String key, Collection<String> known) {
    String nearest = null;
    int least = Math.max(2, key.length() / 3) + 1;
    for (String candidate : known) {
      int distance = distance(key, candidate);
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** Levenshtein's, by two rows. */
  private static int distance(String left, String right) {
    int[] above = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int[] row = new int[right.length() + 1];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(above[j - 1] + change, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[right.length()];
  }
}
