// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import io.skopos.model.histogram.NativeHistogram;

/** Estimates which share of the observations lies between two values. */
public final class HistogramFraction {

  private HistogramFraction() {}

  /** NaN observations count among all but lie between no values. */
  public static double between(double lower, double upper, NativeHistogram histogram) {
    if (histogram.count() == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
      return Double.NaN;
    }
    if (lower >= upper) {
      return 0;
    }
    BucketList buckets = new BucketList(histogram);
    double all = histogram.count();
    if (Double.isNaN(histogram.sum())) {
      all = 0;
      for (int bucket = 0; bucket < buckets.size(); bucket++) {
        all += buckets.count(bucket);
      }
    }
    return (rank(buckets, upper, all) - rank(buckets, lower, all)) / histogram.count();
  }

  /** How many observations are below a value. */
  private static double rank(BucketList buckets, double value, double all) {
    double below = 0;
    for (int bucket = 0; bucket < buckets.size(); bucket++) {
      double lower = buckets.assumedLower(bucket);
      double upper = buckets.assumedUpper(bucket);
      if (lower == Double.NEGATIVE_INFINITY && upper > 0 && value >= 0) {
        lower = 0;
      }
      if (lower >= value) {
        return Math.min(below, all);
      }
      if (upper > value) {
        double count = buckets.count(bucket);
        double inside;
        if (lower == Double.NEGATIVE_INFINITY) {
          inside = count;
        } else if (buckets.isLinear(bucket)) {
          inside = count * (value - lower) / (upper - lower);
        } else {
          inside = count * BucketList.exponentialFraction(lower, upper, value);
        }
        return Math.min(below + inside, all);
      }
      below += buckets.count(bucket);
    }
    return all;
  }
}
