// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

import io.skopos.engine.StepGrid;
import io.skopos.engine.histogram.HistogramNotes;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;

/** The number of samples, or 1 where there are any. */
final class CountAccumulator extends Accumulator {

  private final boolean onlyPresence;

  CountAccumulator(StepGrid grid, HistogramNotes notes, boolean onlyPresence) {
    super(grid, notes);
    this.onlyPresence = onlyPresence;
  }

  @Override
  protected void fold(int cell, double[] values, int from, int count) {
    for (int i = 0; i < count; i++) {
      counts[cell + i]++;
    }
  }

  @Override
  protected void foldHistogram(int cell, NativeHistogram histogram, Labels labels) {
    counts[cell]++;
  }

  @Override
  protected void mergeCell(int cell, Accumulator other, int otherCell) {
    counts[cell] += other.counts[otherCell];
  }

  @Override
  protected double result(int cell) {
    return onlyPresence ? 1 : counts[cell];
  }

  @Override
  protected void grow(int cells) {
    // The counts are all there is.
  }
}
