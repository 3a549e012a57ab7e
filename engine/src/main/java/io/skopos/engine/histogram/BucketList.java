// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;

/**
 * A histogram's buckets with their bounds, from the lowest to the highest, the zero bucket in its
 * place when it is populated. Buckets that overlap the zero bucket begin where it ends.
 */
public final class BucketList {

  /** Which bounds belong to a bucket; the ordinal is the number in Prometheus' JSON. */
  public enum Inclusive {
    UPPER,
    LOWER,
    NONE,
    BOTH
  }

  private static final int NO_ZERO_BUCKET = -1;

  private final NativeHistogram histogram;
  private final double[] lowers;
  private final double[] uppers;
  private final double[] counts;
  private final int size;
  private int zeroBucket = NO_ZERO_BUCKET;
  private final int negatives;

  public BucketList(NativeHistogram histogram) {
    this.histogram = histogram;
    Buckets negative = histogram.negative();
    Buckets positive = histogram.positive();
    boolean zero = !histogram.hasCustomBuckets() && histogram.zeroCount() > 0;
    negatives = negative.size();
    size = negatives + positive.size() + (zero ? 1 : 0);
    lowers = new double[size];
    uppers = new double[size];
    counts = new double[size];
    fill(negative, negatives - 1, -1);
    int at = negatives;
    if (zero) {
      zeroBucket = at;
      lowers[at] = -histogram.zeroThreshold();
      uppers[at] = histogram.zeroThreshold();
      counts[at++] = histogram.zeroCount();
    }
    fill(positive, at, 1);
  }

  /** Places the buckets of a side, away from zero. */
  private void fill(Buckets side, int start, int direction) {
    int[] spans = side.spans();
    int at = start;
    int index = 0;
    int bucket = 0;
    for (int span = 0; span < spans.length; span += 2) {
      index += spans[span];
      for (int i = 0; i < spans[span + 1]; i++, index++, at += direction) {
        counts[at] = side.counts()[bucket++];
        double inner = bound(index - 1);
        double outer = bound(index);
        if (inner < histogram.zeroThreshold() && !histogram.hasCustomBuckets()) {
          inner = histogram.zeroThreshold();
        }
        lowers[at] = direction > 0 ? inner : -outer;
        uppers[at] = direction > 0 ? outer : -inner;
      }
    }
  }

  private double bound(int index) {
    return histogram.hasCustomBuckets()
        ? BucketBounds.custom(histogram.customValues(), index)
        : BucketBounds.exponential(histogram.schema(), index);
  }

  public int size() {
    return size;
  }

  public double lower(int bucket) {
    return lowers[bucket];
  }

  public double upper(int bucket) {
    return uppers[bucket];
  }

  public double count(int bucket) {
    return counts[bucket];
  }

  public boolean isZeroBucket(int bucket) {
    return bucket == zeroBucket;
  }

  public Inclusive inclusive(int bucket) {
    if (isZeroBucket(bucket) || lowers[bucket] == Double.NEGATIVE_INFINITY) {
      return Inclusive.BOTH;
    }
    if (bucket < negatives) {
      return Inclusive.LOWER;
    }
    return Inclusive.UPPER;
  }

  /**
   * Where the values of a bucket are taken to begin: the zero bucket of a histogram that has only
   * positive buckets beside it holds no negative ones.
   */
  double assumedLower(int bucket) {
    boolean onlyPositive = histogram.negative().isEmpty() && !histogram.positive().isEmpty();
    return isZeroBucket(bucket) && onlyPositive ? 0 : lowers[bucket];
  }

  /** Likewise where they end. */
  double assumedUpper(int bucket) {
    boolean onlyNegative = histogram.positive().isEmpty() && !histogram.negative().isEmpty();
    return isZeroBucket(bucket) && onlyNegative ? 0 : uppers[bucket];
  }

  /** Whether values are taken to be spread evenly in a bucket, rather than by their logarithm. */
  boolean isLinear(int bucket) {
    return histogram.hasCustomBuckets() || isZeroBucket(bucket);
  }

  /** The position of a value in an exponential bucket, from 0 at its lower end to 1. */
  static double exponentialFraction(double lower, double upper, double value) {
    double logLower = log2(Math.abs(lower));
    double logUpper = log2(Math.abs(upper));
    double logValue = log2(Math.abs(value));
    return value > 0
        ? (logValue - logLower) / (logUpper - logLower)
        : 1 - (logValue - logUpper) / (logLower - logUpper);
  }

  static double log2(double value) {
    int exponent = Math.getExponent(value);
    if (exponent > Double.MAX_EXPONENT || exponent < Double.MIN_EXPONENT) {
      return Math.log(value) / Math.log(2);
    }
    double fraction = Math.scalb(value, -exponent);
    return fraction == 1 ? exponent : exponent + Math.log(fraction) / Math.log(2);
  }
}
