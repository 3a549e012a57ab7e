// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import io.skopos.model.histogram.NativeHistogram;

/** Estimates quantiles. */
public final class HistogramQuantile {

  private HistogramQuantile() {}

  /**
   * Interpolated inside the bucket: evenly in the zero bucket and between custom bounds, else by
   * logarithm. NaN observations, which are in no bucket, stand above all others.
   *
   * @return NaN for no observations, a NaN quantile, or when the quantile is a NaN observation
   */
  public static double of(double quantile, NativeHistogram histogram) {
    if (quantile < 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (quantile > 1) {
      return Double.POSITIVE_INFINITY;
    }
    if (histogram.count() == 0 || Double.isNaN(quantile)) {
      return Double.NaN;
    }
    BucketList buckets = new BucketList(histogram);
    // From the nearer end fewer counts are added up; NaN observations are missing at the upper end.
    boolean forward = Double.isNaN(histogram.sum()) || quantile < 0.5;
    double rank = (forward ? quantile : 1 - quantile) * histogram.count();
    int bucket = -1;
    double count = 0;
    for (int i = 0; i < buckets.size(); i++) {
      int next = forward ? i : buckets.size() - 1 - i;
      if (buckets.count(next) == 0) {
        continue;
      }
      bucket = next;
      count += buckets.count(next);
      if (count >= rank) {
        break;
      }
    }
    if (bucket < 0) {
      return Double.NaN;
    }
    double lower = buckets.assumedLower(bucket);
    double upper = buckets.assumedUpper(bucket);
    if (lower == Double.NEGATIVE_INFINITY) {
      if (upper <= 0) {
        return upper;
      }
      lower = 0;
    }
    if (upper == Double.POSITIVE_INFINITY && histogram.hasCustomBuckets()) {
      return lower;
    }
    // Roundings may have added up to more than all.
    count = Math.min(count, histogram.count());
    if (count < rank) {
      return Double.isNaN(histogram.sum()) ? Double.NaN : forward ? upper : lower;
    }
    double inBucket = forward ? rank - (count - buckets.count(bucket)) : count - rank;
    double fraction = inBucket / buckets.count(bucket);
    if (buckets.isLinear(bucket)) {
      return lower + (upper - lower) * fraction;
    }
    double logLower = BucketList.log2(Math.abs(lower));
    double logUpper = BucketList.log2(Math.abs(upper));
    return lower > 0
        ? Math.pow(2, logLower + (logUpper - logLower) * fraction)
        : -Math.pow(2, logUpper + (logLower - logUpper) * (1 - fraction));
  }
}
