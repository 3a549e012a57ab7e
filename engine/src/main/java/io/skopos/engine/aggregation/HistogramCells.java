// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

import io.skopos.engine.histogram.HistogramFold;
import io.skopos.engine.histogram.HistogramNotes;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The histograms of an accumulator's cells; there are none until the first one comes. */
final class HistogramCells {

  private final Function<NativeHistogram, HistogramFold> first;
  private final HistogramNotes notes;
  private @Nullable HistogramFold[] folds = new @Nullable HistogramFold[0];
  private boolean[] incompatible = new boolean[0];

  /**
   * @param first begins a fold with a histogram
   */
  HistogramCells(Function<NativeHistogram, HistogramFold> first, HistogramNotes notes) {
    this.first = first;
    this.notes = notes;
  }

  void add(int cell, NativeHistogram histogram, Labels labels) {
    reserve(cell);
    HistogramFold fold = folds[cell];
    if (fold == null) {
      folds[cell] = first.apply(histogram);
    } else if (!fold.fits(histogram)) {
      incompatible[cell] = true;
      notes.incompatible(labels.getOrEmpty(Label.METRIC_NAME));
    } else if (!incompatible[cell]) {
      fold.add(histogram);
    }
  }

  boolean touched(int cell) {
    return cell < folds.length && folds[cell] != null;
  }

  /** The result of a cell that was touched, or null if it has none. */
  @Nullable NativeHistogram result(int cell) {
    HistogramFold fold = folds[cell];
    if (fold == null || incompatible[cell]) {
      return null;
    }
    if (fold.resetsConflict()) {
      notes.resetsConflict();
    }
    if (fold.boundsReconciled()) {
      notes.boundsReconciled();
    }
    return fold.toHistogram();
  }

  /** Takes over cells of another accumulator of the same kind. */
  void merge(int cell, HistogramCells other, int otherCell, int count) {
    for (int i = 0; i < count && otherCell + i < other.folds.length; i++) {
      HistogramFold from = other.folds[otherCell + i];
      if (from == null) {
        continue;
      }
      reserve(cell + i);
      HistogramFold into = folds[cell + i];
      if (into == null) {
        folds[cell + i] = from;
      } else if (into.fits(from.toHistogram())) {
        into.merge(from);
      } else {
        incompatible[cell + i] = true;
        notes.incompatible("");
      }
      incompatible[cell + i] |= other.incompatible[otherCell + i];
    }
  }

  private void reserve(int cell) {
    if (cell >= folds.length) {
      int capacity = Math.max(cell + 1, folds.length * 2);
      folds = Arrays.copyOf(folds, capacity);
      incompatible = Arrays.copyOf(incompatible, capacity);
    }
  }
}
