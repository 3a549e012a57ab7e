// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import java.util.Arrays;

/** The value of the earliest or the latest entry; entries may come in any order. */
final class EdgeState extends RangeState {

  private final boolean latest;
  private long[] times = new long[0];
  private double[] values = new double[0];
  private int start;
  private int[] filled = new int[0];

  EdgeState(WindowBuckets windows, boolean latest) {
    super(windows);
    this.latest = latest;
  }

  @Override
  void grow(int cells) {
    times = Arrays.copyOf(times, cells);
    values = Arrays.copyOf(values, cells);
  }

  @Override
  boolean needsTimes() {
    return true;
  }

  @Override
  void add(int cell, long timeNs, double value) {
    if (counts[cell]++ == 0 || (latest ? timeNs >= times[cell] : timeNs < times[cell])) {
      times[cell] = timeNs;
      values[cell] = value;
    }
  }

  @Override
  void begin(int startCell, int[] filledBuckets) {
    start = startCell;
    filled = filledBuckets;
  }

  @Override
  double value(int step, int from, int to) {
    return values[start + filled[latest ? to - 1 : from]];
  }
}
