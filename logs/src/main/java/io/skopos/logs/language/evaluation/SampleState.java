// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.engine.QueryBudget;
import io.skopos.engine.aggregation.Quantile;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Keeps every value, for what cannot be made of less: quantiles, and rates of counters. */
final class SampleState extends RangeState {

  private final @Nullable Double quantile;
  private final CounterRate rate;
  private final QueryBudget budget;

  private int size;
  private int[] cells = new int[1024];
  private long[] times = new long[0];
  private double[] values = new double[1024];

  /** Where the values of each cell begin in {@link #order}. */
  private int[] starts = new int[0];

  private int[] order = new int[0];
  private int start;
  private int[] filled = new int[0];
  private double[] window = new double[64];
  private long[] windowTimes = new long[64];

  /**
   * @param quantile null for the rate of a counter
   * @param budget charged for each value
   */
  SampleState(
      WindowBuckets windows, @Nullable Double quantile, CounterRate rate, QueryBudget budget) {
    super(windows);
    this.quantile = quantile;
    this.rate = rate;
    this.budget = budget;
    if (quantile == null) {
      times = new long[1024];
    }
  }

  @Override
  void grow(int newCells) {
    // What is kept does not lie in cells.
  }

  @Override
  boolean needsTimes() {
    return quantile == null;
  }

  @Override
  void add(int cell, long timeNs, double value) {
    if (size == cells.length) {
      int capacity = size + (size >> 1);
      budget.holdSamples(capacity - size);
      cells = Arrays.copyOf(cells, capacity);
      values = Arrays.copyOf(values, capacity);
      times = quantile == null ? Arrays.copyOf(times, capacity) : times;
    }
    counts[cell]++;
    cells[size] = cell;
    values[size] = value;
    if (quantile == null) {
      times[size] = timeNs;
    }
    size++;
  }

  /** Brings the values into the order of their cells. */
  @Override
  void complete() {
    starts = new int[counts.length + 1];
    for (int i = 0; i < size; i++) {
      starts[cells[i] + 1]++;
    }
    for (int cell = 0; cell < counts.length; cell++) {
      starts[cell + 1] += starts[cell];
    }
    int[] next = starts.clone();
    order = new int[size];
    for (int i = 0; i < size; i++) {
      order[next[cells[i]]++] = i;
    }
  }

  /** What was charged for. */
  long held() {
    return cells.length - 1024L;
  }

  @Override
  void begin(int startCell, int[] filledBuckets) {
    start = startCell;
    filled = filledBuckets;
  }

  @Override
  double value(int step, int from, int to) {
    int found = 0;
    for (int i = from; i < to; i++) {
      int cell = start + filled[i];
      int end = starts[cell + 1];
      int needed = found + end - starts[cell];
      if (needed > window.length) {
        window = Arrays.copyOf(window, needed * 2);
        windowTimes = Arrays.copyOf(windowTimes, needed * 2);
      }
      for (int at = starts[cell]; at < end; at++) {
        window[found] = values[order[at]];
        windowTimes[found] = quantile == null ? times[order[at]] : 0;
        found++;
      }
    }
    return quantile == null
        ? rate.of(step, windowTimes, window, found)
        : Quantile.of(quantile, window, found);
  }
}
