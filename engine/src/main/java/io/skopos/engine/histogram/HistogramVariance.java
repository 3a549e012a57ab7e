// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import io.skopos.engine.aggregation.CompensatedSum;
import io.skopos.model.histogram.NativeHistogram;

/** Estimates how far observations spread, as if all of a bucket stood in its middle. */
public final class HistogramVariance {

  private HistogramVariance() {}

  public static double of(NativeHistogram histogram) {
    BucketList buckets = new BucketList(histogram);
    double mean = histogram.sum() / histogram.count();
    double squares = 0;
    double lack = 0;
    for (int bucket = 0; bucket < buckets.size(); bucket++) {
      double count = buckets.count(bucket);
      if (count == 0) {
        continue;
      }
      double distance = middle(buckets, bucket, histogram) - mean;
      double square = count * distance * distance;
      double total = squares + square;
      lack = CompensatedSum.compensation(square, squares, total, lack);
      squares = total;
    }
    return (squares + lack) / histogram.count();
  }

  private static double middle(BucketList buckets, int bucket, NativeHistogram histogram) {
    double lower = buckets.lower(bucket);
    double upper = buckets.upper(bucket);
    if (histogram.hasCustomBuckets()) {
      return (upper + lower) / 2;
    }
    if (lower <= 0 && upper >= 0) {
      return 0;
    }
    double middle = Math.sqrt(upper * lower);
    return upper < 0 ? -middle : middle;
  }
}
