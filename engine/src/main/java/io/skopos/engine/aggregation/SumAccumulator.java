// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

import io.skopos.engine.StepGrid;
import io.skopos.engine.histogram.HistogramNotes;
import io.skopos.engine.histogram.HistogramSum;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

final class SumAccumulator extends Accumulator {

  private @Nullable HistogramCells histograms;
  private double[] sums;
  private double[] compensations;

  SumAccumulator(StepGrid grid, HistogramNotes notes) {
    super(grid, notes);
    sums = new double[steps];
    compensations = new double[steps];
  }

  @Override
  protected void fold(int cell, double[] values, int from, int count) {
    for (int i = 0; i < count; i++) {
      int at = cell + i;
      double value = values[from + i];
      if (counts[at]++ == 0) {
        sums[at] = value;
      } else {
        add(at, value);
      }
    }
  }

  private void add(int cell, double value) {
    double sum = sums[cell];
    double total = sum + value;
    compensations[cell] = CompensatedSum.compensation(value, sum, total, compensations[cell]);
    sums[cell] = total;
  }

  @Override
  protected void foldHistogram(int cell, NativeHistogram histogram, Labels labels) {
    histogramCells().add(cell, histogram, labels);
  }

  @Override
  protected HistogramCells histogramCells() {
    HistogramCells cells = histograms;
    if (cells == null) {
      cells = new HistogramCells(HistogramSum::of, notes);
      histograms = cells;
    }
    return cells;
  }

  @Override
  protected void mergeCell(int cell, Accumulator other, int otherCell) {
    SumAccumulator from = (SumAccumulator) other;
    if (counts[cell] == 0) {
      sums[cell] = from.sums[otherCell];
      compensations[cell] = from.compensations[otherCell];
    } else {
      add(cell, from.sums[otherCell]);
      compensations[cell] += from.compensations[otherCell];
    }
    counts[cell] += from.counts[otherCell];
  }

  @Override
  protected double result(int cell) {
    return sums[cell] + compensations[cell];
  }

  @Override
  protected void grow(int cells) {
    sums = Arrays.copyOf(sums, cells);
    compensations = Arrays.copyOf(compensations, cells);
  }
}
