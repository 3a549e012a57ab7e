// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import java.util.Arrays;

/** Counts entries, or bytes of their lines: whole numbers, so that windows slide exactly. */
final class CountState extends RangeState {

  private final boolean ofBytes;
  private final double divisor;
  private long[] amounts;
  private int start;
  private int[] filled = new int[0];
  private int slidFrom;
  private int slidTo;
  private long sum;

  /**
   * @param ofBytes whether lengths are added up
   * @param divisor the seconds of a window for a rate, or 1
   */
  CountState(WindowBuckets windows, boolean ofBytes, double divisor) {
    super(windows);
    this.ofBytes = ofBytes;
    this.divisor = divisor;
    this.amounts = counts;
  }

  @Override
  void grow(int cells) {
    amounts = ofBytes ? Arrays.copyOf(amounts, cells) : counts;
  }

  @Override
  void add(int cell, long timeNs, double value) {
    counts[cell]++;
    if (ofBytes) {
      amounts[cell] += (long) value;
    }
  }

  /** Many entries at once. */
  void add(int cell, long entries, long bytes) {
    counts[cell] += entries;
    if (ofBytes) {
      amounts[cell] += bytes;
    }
  }

  @Override
  void begin(int startCell, int[] filledBuckets) {
    start = startCell;
    filled = filledBuckets;
    slidFrom = 0;
    slidTo = 0;
    sum = 0;
  }

  @Override
  double value(int step, int from, int to) {
    while (slidTo < to) {
      sum += amounts[start + filled[slidTo++]];
    }
    while (slidFrom < from) {
      sum -= amounts[start + filled[slidFrom++]];
    }
    return sum / divisor;
  }
}
