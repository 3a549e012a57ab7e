// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.metrics.wire.HistogramDraft;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The cumulative buckets of one classic histogram, and how it becomes a native one with custom
 * buckets. Reused.
 */
final class ClassicBuckets {

  double[] bounds = new double[32];
  double[] cumulative = new double[32];
  int size;
  private boolean ascending = true;

  void reset() {
    size = 0;
    ascending = true;
  }

  void add(double bound, double count) {
    if (size > 0 && bounds[size - 1] == bound) {
      cumulative[size - 1] = count;
      return;
    }
    if (size == bounds.length) {
      bounds = Arrays.copyOf(bounds, size * 2);
      cumulative = Arrays.copyOf(cumulative, size * 2);
    }
    ascending &= size == 0 || bounds[size - 1] < bound;
    bounds[size] = bound;
    cumulative[size] = count;
    size++;
  }

  /** Nothing demands an order of the buckets, though everyone keeps it. */
  private void sort() {
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (left, right) -> Double.compare(bounds[left], bounds[right]));
    double[] oldBounds = Arrays.copyOf(bounds, size);
    double[] oldCumulative = Arrays.copyOf(cumulative, size);
    for (int i = 0; i < size; i++) {
      bounds[i] = oldBounds[order[i]];
      cumulative[i] = oldCumulative[order[i]];
    }
    ascending = true;
  }

  /**
   * The same as a native histogram; null when it is none, and the draft says why.
   *
   * @param count of all observations; NaN when not told, which then is the last bucket's
   */
  @Nullable NativeHistogram convert(
      double count, double sum, ResetHint hint, HistogramDraft draft) {
    if (!ascending) {
      sort();
    }
    draft.reset();
    draft.schema = NativeHistogram.CUSTOM_BUCKETS;
    draft.sum = sum;
    draft.resetHint = hint;
    double all = Double.isNaN(count) ? (size == 0 ? 0 : cumulative[size - 1]) : count;
    draft.floating = !isWhole(all);
    for (int i = 0; i < size; i++) {
      draft.floating |= !isWhole(cumulative[i]);
    }
    draft.floatCount = all;
    draft.count = (long) all;
    int finite = size > 0 && bounds[size - 1] == Double.POSITIVE_INFINITY ? size - 1 : size;
    draft.positive.span(0, finite + 1);
    double below = 0;
    double before = 0;
    for (int i = 0; i <= finite; i++) {
      double here = (i < finite ? cumulative[i] : all) - below;
      if (i < finite) {
        draft.customValue(bounds[i]);
        below = cumulative[i];
      }
      if (draft.floating) {
        draft.positive.count(here);
      } else {
        draft.positive.delta((long) here - (long) before);
      }
      before = here;
    }
    return draft.build();
  }

  private static boolean isWhole(double value) {
    return value == Math.rint(value) && Math.abs(value) <= 1L << 53;
  }
}
