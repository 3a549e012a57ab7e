// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import java.util.Arrays;

/**
 * Sums, rates and averages of values. Windows slide without subtracting: sums from each bucket to a
 * middle are kept, what lies behind it is one sum, and the middle moves to the window's end when
 * the window has left it behind.
 */
final class SumState extends RangeState {

  private final boolean average;
  private final double divisor;
  private double[] sums = new double[0];
  private int start;
  private int[] filled = new int[0];
  private final double[] sumToMiddle;
  private final long[] countToMiddle;
  private int middle;
  private int reached;
  private double sumBehind;
  private long countBehind;

  /**
   * @param divisor the seconds of a window for a rate, or 1
   */
  SumState(WindowBuckets windows, boolean average, double divisor) {
    super(windows);
    this.average = average;
    this.divisor = divisor;
    this.sumToMiddle = new double[buckets];
    this.countToMiddle = new long[buckets];
  }

  @Override
  void grow(int cells) {
    sums = Arrays.copyOf(sums, cells);
  }

  @Override
  void add(int cell, long timeNs, double value) {
    sums[cell] = counts[cell]++ == 0 ? value : sums[cell] + value;
  }

  @Override
  void begin(int startCell, int[] filledBuckets) {
    start = startCell;
    filled = filledBuckets;
    moveMiddle(0, 0);
    reached = 0;
  }

  @Override
  double value(int step, int from, int to) {
    while (reached < to) {
      int cell = start + filled[reached++];
      sumBehind += sums[cell];
      countBehind += counts[cell];
    }
    if (from >= middle) {
      moveMiddle(from, to);
    }
    double sum = sumToMiddle[from] + sumBehind;
    return average ? sum / (countToMiddle[from] + countBehind) : sum / divisor;
  }

  private void moveMiddle(int from, int to) {
    double sum = 0;
    long count = 0;
    for (int i = to - 1; i >= from; i--) {
      int cell = start + filled[i];
      sum += sums[cell];
      count += counts[cell];
      sumToMiddle[i] = sum;
      countToMiddle[i] = count;
    }
    middle = to;
    sumBehind = 0;
    countBehind = 0;
  }
}
