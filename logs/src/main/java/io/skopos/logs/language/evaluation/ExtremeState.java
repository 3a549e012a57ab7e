// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import java.util.Arrays;

/** The smallest or largest value; NaN only when there is nothing else. */
final class ExtremeState extends RangeState {

  private final boolean largest;
  private double[] extremes = new double[0];
  private int start;
  private int[] filled = new int[0];

  ExtremeState(WindowBuckets windows, boolean largest) {
    super(windows);
    this.largest = largest;
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
  }

  @Override
  double value(int step, int from, int to) {
    double extreme = extremes[start + filled[from]];
    for (int i = from + 1; i < to; i++) {
      double value = extremes[start + filled[i]];
      if (beats(value, extreme)) {
        extreme = value;
      }
    }
    return extreme;
  }
}
