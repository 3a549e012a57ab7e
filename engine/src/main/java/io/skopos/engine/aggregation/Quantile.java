// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

import java.util.Arrays;

/** Quantiles of a set of values, interpolated between the two nearest ranks. */
public final class Quantile {

  private Quantile() {}

  /**
   * @param values the first {@code count} are sorted in place, NaN before all numbers
   * @return NaN for no values or a NaN quantile, the infinities for quantiles outside 0 to 1
   */
  public static double of(double quantile, double[] values, int count) {
    if (count == 0 || Double.isNaN(quantile)) {
      return Double.NaN;
    }
    if (quantile < 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (quantile > 1) {
      return Double.POSITIVE_INFINITY;
    }
    sortNanFirst(values, count);
    double rank = quantile * (count - 1);
    int lower = (int) Math.floor(rank);
    int upper = Math.min(count - 1, lower + 1);
    double weight = rank - Math.floor(rank);
    return values[lower] * (1 - weight) + values[upper] * weight;
  }

  private static void sortNanFirst(double[] values, int count) {
    int nans = 0;
    for (int i = 0; i < count; i++) {
      if (Double.isNaN(values[i])) {
        values[i] = values[nans];
        values[nans++] = Double.NaN;
      }
    }
    Arrays.sort(values, nans, count);
  }
}
