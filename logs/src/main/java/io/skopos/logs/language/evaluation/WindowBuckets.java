// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import java.util.Arrays;

/**
 * The windows of all steps, cut where any of them begins or ends: each window is some buckets in a
 * row, and an entry is put into one bucket however many windows it is in. Times are Unix
 * nanoseconds; windows and buckets begin after their first time and end with their last. Not
 * thread-safe, as it remembers the bucket asked for last.
 */
final class WindowBuckets {

  private final long[] bounds;

  /** The bucket between two bounds, or -1 where no window is. */
  private final int[] buckets;

  private final int[] first;
  private final int[] last;
  private final int count;
  private int at;

  /**
   * @param startNs the end of the first window
   * @param stepNs from window to window
   * @param steps the number of windows
   */
  WindowBuckets(long startNs, long stepNs, int steps, long intervalNs) {
    long[] cuts = new long[steps * 2];
    for (int step = 0; step < steps; step++) {
      long end = startNs + step * stepNs;
      cuts[2 * step] = end;
      cuts[2 * step + 1] = saturated(end, intervalNs);
    }
    Arrays.sort(cuts);
    int distinct = 0;
    for (int i = 0; i < cuts.length; i++) {
      if (i == 0 || cuts[i] != cuts[i - 1]) {
        cuts[distinct++] = cuts[i];
      }
    }
    bounds = Arrays.copyOf(cuts, distinct);
    buckets = new int[distinct + 1];
    Arrays.fill(buckets, -1);
    first = new int[steps];
    last = new int[steps];
    int numbered = 0;
    int covered = 0;
    for (int step = 0; step < steps; step++) {
      long end = startNs + step * stepNs;
      int from = Arrays.binarySearch(bounds, saturated(end, intervalNs));
      int to = Arrays.binarySearch(bounds, end);
      for (int gap = Math.max(from + 1, covered); gap <= to; gap++) {
        buckets[gap] = numbered++;
        covered = gap + 1;
      }
      first[step] = buckets[from + 1];
      last[step] = buckets[to];
    }
    count = numbered;
  }

  private static long saturated(long end, long intervalNs) {
    long start = end - intervalNs;
    return start > end ? Long.MIN_VALUE : start;
  }

  /** The number of buckets. */
  int count() {
    return count;
  }

  int steps() {
    return first.length;
  }

  /** The first bucket of a step's window. */
  int first(int step) {
    return first[step];
  }

  /** The last bucket of a step's window. */
  int last(int step) {
    return last[step];
  }

  /** The earliest time in any window. */
  long fromNs() {
    return bounds[0] == Long.MAX_VALUE ? bounds[0] : bounds[0] + 1;
  }

  /** The latest time in any window. */
  long toNs() {
    return bounds[bounds.length - 1];
  }

  /** The bucket of a time; -1 when it is in no window. */
  int of(long timeNs) {
    if (at == 0 || at == bounds.length || timeNs <= bounds[at - 1] || timeNs > bounds[at]) {
      int place = Arrays.binarySearch(bounds, timeNs);
      at = place >= 0 ? place : -1 - place;
    }
    return buckets[at];
  }

  /** Where the bucket, or the gap, of the time asked for last ends. */
  long end() {
    return at == bounds.length ? Long.MAX_VALUE : bounds[at];
  }
}
