// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.engine.QueryAborted;
import io.skopos.engine.StepBlock;
import io.skopos.engine.StepRow;
import java.util.Arrays;

/**
 * What a range function keeps of the entries of each series and bucket, and makes of the buckets of
 * each window. A cell is a bucket of a series: {@code series * buckets + bucket}. Not thread-safe.
 */
abstract class RangeState {

  private static final int FIRST_CELLS = 1024;

  final WindowBuckets windows;
  final int buckets;

  /** Entries of each cell. */
  long[] counts = new long[0];

  private final int[] filled;

  RangeState(WindowBuckets windows) {
    this.windows = windows;
    this.buckets = windows.count();
    this.filled = new int[buckets];
  }

  /** Makes room for so many series. */
  final void reserve(int series) {
    if ((long) series * buckets > StepBlock.MAX_CELLS) {
      throw new QueryAborted(
          QueryAborted.Reason.TOO_MANY_BYTES,
          series
              + " series of "
              + buckets
              + " windows and parts of windows are more than a query may hold; ask for a longer"
              + " step, a shorter range or fewer series");
    }
    int needed = series * buckets;
    if (needed > counts.length) {
      int capacity = (int) Math.min(StepBlock.MAX_CELLS, Math.max(needed, counts.length * 2L));
      capacity = Math.max(capacity, Math.min(FIRST_CELLS, Math.max(buckets, 64)));
      counts = Arrays.copyOf(counts, capacity);
      grow(capacity);
    }
  }

  abstract void grow(int cells);

  /** An entry: its value is the unwrapped one, or the length of its line. */
  abstract void add(int cell, long timeNs, double value);

  /** Whether {@link #add} looks at times. */
  boolean needsTimes() {
    return false;
  }

  /** Everything was added; rows are asked for next. */
  void complete() {}

  /** Sets the points of a series. */
  final void fill(int series, StepRow row) {
    int start = series * buckets;
    int found = 0;
    for (int bucket = 0; bucket < buckets; bucket++) {
      if (counts[start + bucket] != 0) {
        filled[found++] = bucket;
      }
    }
    begin(start, filled);
    int from = 0;
    int to = 0;
    for (int step = 0; step < windows.steps(); step++) {
      while (from < found && filled[from] < windows.first(step)) {
        from++;
      }
      to = Math.max(to, from);
      while (to < found && filled[to] <= windows.last(step)) {
        to++;
      }
      if (from < to) {
        row.set(step, value(step, from, to));
      }
    }
  }

  /**
   * @param start the first cell of the series
   * @param filledBuckets its buckets that have entries, ascending; more may follow in the array
   */
  abstract void begin(int start, int[] filledBuckets);

  /**
   * The value of a window, whose buckets are some of those given to {@link #begin}: at least one.
   * Windows come in order.
   */
  abstract double value(int step, int from, int to);
}
