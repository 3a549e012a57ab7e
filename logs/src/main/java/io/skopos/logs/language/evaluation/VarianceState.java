// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import java.util.Arrays;

/** Population variance or standard deviation: Welford's update, buckets merged after Chan. */
final class VarianceState extends RangeState {

  private final boolean root;
  private double[] means = new double[0];
  private double[] squares = new double[0];
  private int start;
  private int[] filled = new int[0];

  VarianceState(WindowBuckets windows, boolean root) {
    super(windows);
    this.root = root;
  }

  @Override
  void grow(int cells) {
    means = Arrays.copyOf(means, cells);
    squares = Arrays.copyOf(squares, cells);
  }

  @Override
  void add(int cell, long timeNs, double value) {
    long count = ++counts[cell];
    if (count == 1) {
      means[cell] = value;
      squares[cell] = Double.isFinite(value) ? 0 : Double.NaN;
      return;
    }
    double delta = value - means[cell];
    means[cell] += delta / count;
    squares[cell] += delta * (value - means[cell]);
  }

  @Override
  void begin(int startCell, int[] filledBuckets) {
    start = startCell;
    filled = filledBuckets;
  }

  @Override
  double value(int step, int from, int to) {
    double count = 0;
    double mean = 0;
    double square = 0;
    for (int i = from; i < to; i++) {
      int cell = start + filled[i];
      double all = count + counts[cell];
      double delta = means[cell] - mean;
      square += squares[cell] + delta * delta * count * counts[cell] / all;
      mean += delta * counts[cell] / all;
      count = all;
    }
    double variance = square / count;
    return root ? Math.sqrt(variance) : variance;
  }
}
