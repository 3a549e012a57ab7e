// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

import io.skopos.engine.StepGrid;
import io.skopos.engine.histogram.HistogramNotes;
import java.util.Arrays;

/** Minimum or maximum; NaN only when there is nothing else. */
final class ExtremeAccumulator extends Accumulator {

  private final boolean maximum;
  private double[] extremes;

  ExtremeAccumulator(StepGrid grid, HistogramNotes notes, boolean maximum) {
    super(grid, notes);
    this.maximum = maximum;
    extremes = new double[steps];
  }

  @Override
  protected void fold(int cell, double[] values, int from, int count) {
    for (int i = 0; i < count; i++) {
      add(cell + i, values[from + i], 1);
    }
  }

  private void add(int cell, double value, int samples) {
    double extreme = extremes[cell];
    if (counts[cell] == 0
        || Double.isNaN(extreme)
        || (maximum ? value > extreme : value < extreme)) {
      extremes[cell] = value;
    }
    counts[cell] += samples;
  }

  @Override
  protected void mergeCell(int cell, Accumulator other, int otherCell) {
    add(cell, ((ExtremeAccumulator) other).extremes[otherCell], other.counts[otherCell]);
  }

  @Override
  protected double result(int cell) {
    return extremes[cell];
  }

  @Override
  protected void grow(int cells) {
    extremes = Arrays.copyOf(extremes, cells);
  }
}
