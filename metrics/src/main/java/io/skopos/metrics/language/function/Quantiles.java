// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.metrics.language.NumberText;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Quantiles of values, interpolated between the two nearest ranks. */
public final class Quantiles {

  private Quantiles() {}

  /**
   * Of {@code values[0]} to {@code values[count - 1]}, which are sorted in place. NaN counts as
   * smaller than everything. A quantile below 0 is -Inf, above 1 +Inf.
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
    Arrays.sort(values, 0, count);
    nanFirst(values, count);
    double rank = quantile * (count - 1);
    int lower = (int) Math.max(0, Math.floor(rank));
    int upper = Math.min(count - 1, lower + 1);
    double weight = rank - Math.floor(rank);
    return values[lower] * (1 - weight) + values[upper] * weight;
  }

  /** The JDK sorts NaN to the end. */
  private static void nanFirst(double[] values, int count) {
    int nans = 0;
    while (nans < count && Double.isNaN(values[count - 1 - nans])) {
      nans++;
    }
    if (nans > 0 && nans < count) {
      System.arraycopy(values, 0, values, nans, count - nans);
      Arrays.fill(values, 0, nans, Double.NaN);
    }
  }

  /** The warning on a quantile that is none; null when it is one. */
  public static @Nullable String warning(double quantile) {
    return quantile >= 0 && quantile <= 1
        ? null
        : "quantile value should be between 0 and 1, got " + NumberText.shortest(quantile);
  }
}
