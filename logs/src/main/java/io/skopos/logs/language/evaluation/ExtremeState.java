// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import java.util.Arrays;

/**
 * The smallest or largest value; NaN only when there is nothing else. Windows slide as those of
 * {@link SumState} do.
 */
final class ExtremeState extends RangeState {

  private final boolean largest;
  private double[] extremes = new double[0];
  private int start;
  private int[] filled = new int[0];
  private final double[] toMiddle;
  private int middle;
  private int reached;
  private double behind;

  ExtremeState(WindowBuckets windows, boolean largest) {
    super(windows);
    this.largest = largest;
    this.toMiddle = new double[buckets];
  }

  @Override
  void grow(int cells) {
    extremes = Arrays.copyOf(extremes, cells);
  }

  @Override
  void add(int cell, long timeNs, double value) {
    if (counts[cell]++ == 0 || beats(value, extremes[cell])) {
      extremes[cell] = value;
    }
  }

  private boolean beats(double value, double than) {
    return Double.isNaN(than) || (largest ? value > than : value < than);
  }

  @Override
  void begin(int startCell, int[] filledBuckets) {
    start = startCell;
    filled = filledBuckets;
    middle = 0;
    reached = 0;
    behind = Double.NaN;
  }

  @Override
  double value(int step, int from, int to) {
    while (reached < to) {
      behind = better(extremes[start + filled[reached++]], behind);
    }
    if (from >= middle) {
      double extreme = Double.NaN;
      for (int i = to - 1; i >= from; i--) {
        extreme = better(extremes[start + filled[i]], extreme);
        toMiddle[i] = extreme;
      }
      middle = to;
      behind = Double.NaN;
    }
    return better(behind, toMiddle[from]);
  }

  private double better(double value, double than) {
    return beats(value, than) ? value : than;
  }
}
