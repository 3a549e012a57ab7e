// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;

/**
 * Takes away the observations above or below a value. A bucket the value lies in is divided as
 * quantiles are interpolated; the sum is estimated anew from the middles of what is left.
 */
public final class HistogramTrim {

  private final NativeHistogram histogram;
  private final BucketList buckets;
  private final double cutoff;
  private final boolean keepsLower;
  private double count;
  private double sum;

  private HistogramTrim(NativeHistogram histogram, double cutoff, boolean keepsLower) {
    this.histogram = histogram;
    this.buckets = new BucketList(histogram);
    this.cutoff = cutoff;
    this.keepsLower = keepsLower;
  }

  /** Only the observations up to the value: {@code </}. */
  public static NativeHistogram above(NativeHistogram histogram, double value) {
    return new HistogramTrim(histogram, value, true).run();
  }

  /** Only the observations from the value on: {@code >/}. */
  public static NativeHistogram below(NativeHistogram histogram, double value) {
    return new HistogramTrim(histogram, value, false).run();
  }

  private NativeHistogram run() {
    double[] kept = new double[buckets.size()];
    boolean changed = false;
    for (int bucket = 0; bucket < kept.length; bucket++) {
      kept[bucket] = buckets.count(bucket) == 0 ? 0 : keep(bucket);
      changed |= kept[bucket] != buckets.count(bucket) || moved(bucket);
    }
    if (!changed) {
      return histogram;
    }
    int negatives = histogram.negative().size();
    double[] negative = new double[negatives];
    for (int i = 0; i < negatives; i++) {
      negative[i] = kept[negatives - 1 - i];
    }
    boolean zero = negatives < kept.length && buckets.isZeroBucket(negatives);
    int positives = histogram.positive().size();
    double[] positive = new double[positives];
    System.arraycopy(kept, kept.length - positives, positive, 0, positives);
    return new NativeHistogram(
        histogram.schema(),
        false,
        histogram.resetHint(),
        histogram.zeroThreshold(),
        zero ? kept[negatives] : 0,
        count,
        sum,
        SparseCounts.of(new Buckets(histogram.positive().spans(), positive)).toBuckets(),
        SparseCounts.of(new Buckets(histogram.negative().spans(), negative)).toBuckets(),
        histogram.customValues());
  }

  /** Whether a bucket without an end keeps its count but not its middle. */
  private boolean moved(int bucket) {
    double lower = buckets.lower(bucket);
    double upper = buckets.upper(bucket);
    return buckets.count(bucket) != 0
        && (keepsLower
            ? lower == Double.NEGATIVE_INFINITY && upper <= 0 && cutoff < upper
            : upper == Double.POSITIVE_INFINITY && cutoff > lower);
  }

  /** Counts what stays of a bucket. */
  private double keep(int bucket) {
    double lower = buckets.assumedLower(bucket);
    double upper = buckets.assumedUpper(bucket);
    boolean fromZero = lower == Double.NEGATIVE_INFINITY && upper > 0 && cutoff >= 0;
    if (fromZero && upper != Double.POSITIVE_INFINITY) {
      lower = 0;
    }
    double all = buckets.count(bucket);
    if (keepsLower ? upper <= cutoff : lower >= cutoff) {
      return add(all, lower, upper, bucket);
    }
    if (keepsLower ? lower >= cutoff : upper <= cutoff) {
      return 0;
    }
    boolean endless = lower == Double.NEGATIVE_INFINITY || upper == Double.POSITIVE_INFINITY;
    if (endless && histogram.hasCustomBuckets()) {
      return keepOfEndless(all, lower, upper);
    }
    double fraction =
        buckets.isLinear(bucket)
            ? (cutoff - lower) / (upper - lower)
            : BucketList.exponentialFraction(lower, upper, cutoff);
    return keepsLower
        ? add(all * fraction, lower, cutoff, bucket)
        : add(all * (1 - fraction), cutoff, upper, bucket);
  }

  /** A bucket without an end on the side that stays is kept whole, as if all were at the value. */
  private double keepOfEndless(double all, double lower, double upper) {
    boolean stays =
        keepsLower
            ? lower == Double.NEGATIVE_INFINITY && upper <= 0
            : upper == Double.POSITIVE_INFINITY && lower != Double.NEGATIVE_INFINITY;
    if (!stays) {
      return 0;
    }
    count += all;
    sum += all * cutoff;
    return all;
  }

  private double add(double kept, double lower, double upper, int bucket) {
    double middle;
    if (buckets.isLinear(bucket)) {
      if (lower == Double.NEGATIVE_INFINITY) {
        middle = upper > 0 && upper != Double.POSITIVE_INFINITY ? upper / 2 : upper;
      } else {
        middle = upper == Double.POSITIVE_INFINITY ? lower : (lower + upper) / 2;
      }
    } else {
      middle = Math.sqrt(lower * upper);
      middle = upper <= 0 ? -middle : middle;
    }
    count += kept;
    sum += kept * middle;
    return kept;
  }
}
