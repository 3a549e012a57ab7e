// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

import io.skopos.engine.StepGrid;
import io.skopos.engine.histogram.HistogramNotes;
import java.util.Arrays;

/** Population variance or standard deviation by Welford's update; partials merge after Chan. */
final class VarianceAccumulator extends Accumulator {

  private final boolean root;
  private double[] means;
  private double[] squares;

  VarianceAccumulator(StepGrid grid, HistogramNotes notes, boolean root) {
    super(grid, notes);
    this.root = root;
    means = new double[steps];
    squares = new double[steps];
  }

  @Override
  protected void fold(int cell, double[] values, int from, int count) {
    for (int i = 0; i < count; i++) {
      int at = cell + i;
      double value = values[from + i];
      int samples = ++counts[at];
      if (samples == 1) {
        means[at] = value;
        squares[at] = Double.isFinite(value) ? 0 : Double.NaN;
        continue;
      }
      double delta = value - means[at];
      means[at] += delta / samples;
      squares[at] += delta * (value - means[at]);
    }
  }

  @Override
  protected void mergeCell(int cell, Accumulator other, int otherCell) {
    VarianceAccumulator from = (VarianceAccumulator) other;
    if (counts[cell] == 0) {
      means[cell] = from.means[otherCell];
      squares[cell] = from.squares[otherCell];
      counts[cell] = from.counts[otherCell];
      return;
    }
    double here = counts[cell];
    double there = from.counts[otherCell];
    double delta = from.means[otherCell] - means[cell];
    double all = here + there;
    means[cell] += delta * there / all;
    squares[cell] += from.squares[otherCell] + delta * delta * here * there / all;
    counts[cell] += from.counts[otherCell];
  }

  @Override
  protected double result(int cell) {
    double variance = squares[cell] / counts[cell];
    return root ? Math.sqrt(variance) : variance;
  }

  @Override
  protected void grow(int cells) {
    means = Arrays.copyOf(means, cells);
    squares = Arrays.copyOf(squares, cells);
  }
}
