// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

import io.skopos.engine.StepGrid;
import io.skopos.engine.histogram.HistogramMean;
import io.skopos.engine.histogram.HistogramNotes;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sum over count as long as the sum is finite, which is the most exact; a mean updated value by
 * value from where the sum would overflow.
 */
final class AverageAccumulator extends Accumulator {

  private @Nullable HistogramCells histograms;

  /** The sum, or the mean in cells that have gone over to {@link #incremental}. */
  private double[] totals;

  private double[] compensations;
  private boolean[] incremental;

  AverageAccumulator(StepGrid grid, HistogramNotes notes) {
    super(grid, notes);
    totals = new double[steps];
    compensations = new double[steps];
    incremental = new boolean[steps];
  }

  @Override
  protected void fold(int cell, double[] values, int from, int count) {
    for (int i = 0; i < count; i++) {
      add(cell + i, values[from + i]);
    }
  }

  private void add(int cell, double value) {
    int count = ++counts[cell];
    if (count == 1) {
      totals[cell] = value;
      return;
    }
    if (!incremental[cell]) {
      double sum = totals[cell];
      double total = sum + value;
      if (!Double.isInfinite(total)) {
        compensations[cell] = CompensatedSum.compensation(value, sum, total, compensations[cell]);
        totals[cell] = total;
        return;
      }
      toIncremental(cell, count - 1);
    }
    double share = (count - 1.0) / count;
    addWeighted(cell, value / count, share);
  }

  private void addWeighted(int cell, double increment, double share) {
    double mean = share * totals[cell];
    double total = mean + increment;
    compensations[cell] =
        CompensatedSum.compensation(increment, mean, total, share * compensations[cell]);
    totals[cell] = total;
  }

  private void toIncremental(int cell, int count) {
    incremental[cell] = true;
    totals[cell] /= count;
    compensations[cell] /= count;
  }

  @Override
  protected void foldHistogram(int cell, NativeHistogram histogram, Labels labels) {
    histogramCells().add(cell, histogram, labels);
  }

  @Override
  protected HistogramCells histogramCells() {
    HistogramCells cells = histograms;
    if (cells == null) {
      cells = new HistogramCells(HistogramMean::new, notes);
      histograms = cells;
    }
    return cells;
  }

  @Override
  protected void mergeCell(int cell, Accumulator other, int otherCell) {
    AverageAccumulator from = (AverageAccumulator) other;
    int count = counts[cell];
    int otherCount = from.counts[otherCell];
    if (count == 0) {
      totals[cell] = from.totals[otherCell];
      compensations[cell] = from.compensations[otherCell];
      incremental[cell] = from.incremental[otherCell];
      counts[cell] = otherCount;
      return;
    }
    counts[cell] = count + otherCount;
    if (!incremental[cell] && !from.incremental[otherCell]) {
      double sum = totals[cell];
      double increment = from.totals[otherCell];
      double total = sum + increment;
      if (!Double.isInfinite(total)) {
        compensations[cell] =
            CompensatedSum.compensation(increment, sum, total, compensations[cell])
                + from.compensations[otherCell];
        totals[cell] = total;
        return;
      }
    }
    if (!incremental[cell]) {
      toIncremental(cell, count);
    }
    double otherMean = from.result(otherCell);
    double all = (double) count + otherCount;
    addWeighted(cell, otherMean * (otherCount / all), count / all);
  }

  @Override
  protected double result(int cell) {
    if (incremental[cell]) {
      return totals[cell] + compensations[cell];
    }
    int count = counts[cell];
    return totals[cell] / count + compensations[cell] / count;
  }

  @Override
  protected void grow(int cells) {
    totals = Arrays.copyOf(totals, cells);
    compensations = Arrays.copyOf(compensations, cells);
    incremental = Arrays.copyOf(incremental, cells);
  }
}
