// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import java.util.Arrays;

/** Sums, rates and averages of values. */
final class SumState extends RangeState {

  private final boolean average;
  private final double divisor;
  private double[] sums = new double[0];
  private int start;
  private int[] filled = new int[0];

  /**
   * @param divisor the seconds of a window for a rate, or 1
   */
  SumState(WindowBuckets windows, boolean average, double divisor) {
    super(windows);
    this.average = average;
    this.divisor = divisor;
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
  }

  @Override
  double value(int step, int from, int to) {
    double sum = 0;
    long entries = 0;
    for (int i = from; i < to; i++) {
      int cell = start + filled[i];
      sum += sums[cell];
      entries += counts[cell];
    }
    return average ? sum / entries : sum / divisor;
  }
}
