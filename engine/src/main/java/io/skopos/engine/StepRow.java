// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import java.util.Arrays;

/** One series' points on a grid while they are computed: a value per step and a presence bit. */
public final class StepRow {

  private final double[] values;
  private final long[] presence;

  public StepRow(int steps) {
    values = new double[steps];
    presence = new long[(steps + 63) >>> 6];
  }

  public int steps() {
    return values.length;
  }

  public void set(int step, double value) {
    values[step] = value;
    presence[step >>> 6] |= 1L << step;
  }

  public boolean present(int step) {
    return (presence[step >>> 6] & (1L << step)) != 0;
  }

  /** Meaningful only where {@link #present}. */
  public double value(int step) {
    return values[step];
  }

  public int count() {
    int count = 0;
    for (long word : presence) {
      count += Long.bitCount(word);
    }
    return count;
  }

  public void clear() {
    Arrays.fill(presence, 0L);
  }

  /** The columns themselves, for hot loops; bit {@code step & 63} of word {@code step >>> 6}. */
  public double[] values() {
    return values;
  }

  public long[] presence() {
    return presence;
  }
}
