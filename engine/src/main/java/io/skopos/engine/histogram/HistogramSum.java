// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import io.skopos.engine.aggregation.CompensatedSum;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.util.Arrays;

/**
 * A histogram that others are added to and subtracted from. Differences in resolution, in the width
 * of the zero bucket and in custom bounds are settled on what both sides can tell: the lower
 * resolution, the wider zero bucket, the bounds both have. Roundings are carried along (Neumaier's
 * form of Kahan's summation) and made good in the result. Not thread-safe.
 */
public final class HistogramSum implements HistogramFold {

  private static final double SAFE = 1e300;

  private int schema;
  private double zeroThreshold;
  private double zeroCount;
  private double zeroLack;
  private double count;
  private double countLack;
  private double sum;
  private double sumLack;
  private final SparseCounts positive;
  private final SparseCounts negative;
  private double[] customValues;
  private ResetHint hint;
  private boolean sawReset;
  private boolean sawNoReset;
  private boolean reconciled;

  private HistogramSum(NativeHistogram histogram) {
    schema = histogram.schema();
    zeroThreshold = histogram.zeroThreshold();
    zeroCount = histogram.zeroCount();
    count = histogram.count();
    sum = histogram.sum();
    positive = SparseCounts.of(histogram.positive());
    negative = SparseCounts.of(histogram.negative());
    customValues = histogram.customValues();
    hint = histogram.resetHint();
    note(hint);
  }

  private HistogramSum(HistogramSum other) {
    schema = other.schema;
    zeroThreshold = other.zeroThreshold;
    zeroCount = other.zeroCount;
    zeroLack = other.zeroLack;
    count = other.count;
    countLack = other.countLack;
    sum = other.sum;
    sumLack = other.sumLack;
    positive = other.positive.copy();
    negative = other.negative.copy();
    customValues = other.customValues;
    hint = other.hint;
    sawReset = other.sawReset;
    sawNoReset = other.sawNoReset;
    reconciled = other.reconciled;
  }

  public static HistogramSum of(NativeHistogram histogram) {
    return new HistogramSum(histogram);
  }

  /** Nothing, in the buckets of a histogram. */
  public static HistogramSum zeroLike(NativeHistogram histogram) {
    HistogramSum zero = new HistogramSum(histogram);
    zero.zeroThreshold = 0;
    zero.zeroCount = 0;
    zero.count = 0;
    zero.sum = 0;
    zero.positive.clear();
    zero.negative.clear();
    return zero;
  }

  public HistogramSum copy() {
    return new HistogramSum(this);
  }

  @Override
  public boolean fits(NativeHistogram other) {
    return other.hasCustomBuckets() == hasCustomBuckets();
  }

  @Override
  public void add(NativeHistogram other) {
    combine(of(other), 1);
  }

  public void add(HistogramSum other) {
    combine(other.copy(), 1);
  }

  @Override
  public void merge(HistogramFold other) {
    combine((HistogramSum) other, 1);
  }

  /**
   * @throws IllegalArgumentException when it does not {@link #fits fit}
   */
  public void subtract(NativeHistogram other) {
    combine(of(other), -1);
  }

  /** Scales all counts and the sum; below zero the result is a gauge. */
  public void multiply(double factor) {
    zeroCount *= factor;
    zeroLack *= factor;
    count *= factor;
    countLack *= factor;
    sum *= factor;
    sumLack *= factor;
    positive.multiply(factor);
    negative.multiply(factor);
    if (factor < 0) {
      hint = ResetHint.GAUGE;
    }
  }

  /** Divides all counts and the sum; below zero the result is a gauge, by zero no bucket stays. */
  public void divide(double divisor) {
    zeroCount /= divisor;
    zeroLack /= divisor;
    count /= divisor;
    countLack /= divisor;
    sum /= divisor;
    sumLack /= divisor;
    positive.divide(divisor);
    negative.divide(divisor);
    if (divisor == 0) {
      positive.clear();
      negative.clear();
    }
    if (divisor < 0) {
      hint = ResetHint.GAUGE;
    }
  }

  /** Joins buckets down to a schema; one that is lower already stays. */
  public void reduceTo(int lowerSchema) {
    if (!hasCustomBuckets() && lowerSchema < schema) {
      positive.reduce(schema - lowerSchema);
      negative.reduce(schema - lowerSchema);
      schema = lowerSchema;
    }
  }

  public void hint(ResetHint newHint) {
    hint = newHint;
  }

  @Override
  public boolean resetsConflict() {
    return sawReset && sawNoReset;
  }

  @Override
  public boolean boundsReconciled() {
    return reconciled;
  }

  /** Lets {@link #boundsReconciled} tell of what comes from now on. */
  public void forgetReconciled() {
    reconciled = false;
  }

  /** Whether adding cannot make anything infinite; buckets are taken to hold no more than all. */
  boolean isFarFromOverflow(NativeHistogram next) {
    return Math.abs(count) + Math.abs(next.count()) < SAFE
        && Math.abs(sum) + Math.abs(next.sum()) < SAFE;
  }

  /** Whether any number has become infinite. */
  boolean hasInfinity() {
    return Double.isInfinite(count)
        || Double.isInfinite(sum)
        || Double.isInfinite(zeroCount)
        || positive.hasInfinity()
        || negative.hasInfinity();
  }

  @Override
  public NativeHistogram toHistogram() {
    return new NativeHistogram(
        schema,
        false,
        hint,
        zeroThreshold,
        SparseCounts.total(zeroCount, zeroLack),
        SparseCounts.total(count, countLack),
        SparseCounts.total(sum, sumLack),
        positive.toBuckets(),
        negative.toBuckets(),
        customValues);
  }

  /** The number of observations so far. */
  public double count() {
    return SparseCounts.total(count, countLack);
  }

  boolean hasCustomBuckets() {
    return schema == NativeHistogram.CUSTOM_BUCKETS;
  }

  /** Takes {@code other} apart. */
  private void combine(HistogramSum other, double sign) {
    if (other.hasCustomBuckets() != hasCustomBuckets()) {
      throw new IllegalArgumentException("exponential and custom buckets do not add up");
    }
    adjustHint(other.hint);
    sawReset |= other.sawReset;
    sawNoReset |= other.sawNoReset;
    reconciled |= other.reconciled;
    if (hasCustomBuckets()) {
      reconcileBounds(other);
    } else {
      reconcileZeroBuckets(other);
      int common = Math.min(schema, other.schema);
      reduceTo(common);
      other.reduceTo(common);
      double before = zeroCount;
      double increment = sign * other.zeroCount;
      zeroCount = before + increment;
      zeroLack =
          CompensatedSum.compensation(increment, before, zeroCount, zeroLack)
              + sign * other.zeroLack;
    }
    double countBefore = count;
    double countIncrement = sign * other.count;
    count = countBefore + countIncrement;
    countLack =
        CompensatedSum.compensation(countIncrement, countBefore, count, countLack)
            + sign * other.countLack;
    double sumBefore = sum;
    double sumIncrement = sign * other.sum;
    sum = sumBefore + sumIncrement;
    sumLack =
        CompensatedSum.compensation(sumIncrement, sumBefore, sum, sumLack) + sign * other.sumLack;
    positive.add(other.positive, sign);
    negative.add(other.negative, sign);
  }

  private void reconcileBounds(HistogramSum other) {
    if (Arrays.equals(customValues, other.customValues)) {
      return;
    }
    reconciled = true;
    double[] common = BucketBounds.common(customValues, other.customValues);
    rebound(common);
    other.rebound(common);
  }

  /** Custom bounds become fewer. */
  void rebound(double[] bounds) {
    positive.rebound(customValues, bounds);
    customValues = bounds;
  }

  private void reconcileZeroBuckets(HistogramSum other) {
    while (zeroThreshold != other.zeroThreshold) {
      if (zeroThreshold > other.zeroThreshold) {
        other.widenZeroBucket(zeroThreshold);
      } else {
        widenZeroBucket(other.zeroThreshold);
      }
    }
  }

  /**
   * Takes buckets into the zero bucket; one that is populated is taken whole, so that the zero
   * bucket may become wider than asked for.
   */
  void widenZeroBucket(double atLeast) {
    double threshold = atLeast;
    int positives = 0;
    int negatives = 0;
    double before;
    do {
      before = threshold;
      positives = covered(positive, threshold);
      threshold = Math.max(threshold, reach(positive, positives));
      negatives = covered(negative, threshold);
      threshold = Math.max(threshold, reach(negative, negatives));
    } while (threshold > before);
    absorb(positive, positives);
    absorb(negative, negatives);
    zeroThreshold = threshold;
  }

  double zeroThreshold() {
    return zeroThreshold;
  }

  double zeroCount() {
    return SparseCounts.total(zeroCount, zeroLack);
  }

  SparseCounts positive() {
    return positive;
  }

  SparseCounts negative() {
    return negative;
  }

  /** How many buckets begin below the threshold. */
  private int covered(SparseCounts side, double threshold) {
    int covered = 0;
    while (covered < side.size
        && BucketBounds.exponential(schema, side.indices[covered] - 1) < threshold) {
      covered++;
    }
    return covered;
  }

  /** Where the last populated of the covered buckets ends. */
  private double reach(SparseCounts side, int covered) {
    int last = covered - 1;
    while (last >= 0 && side.total(last) == 0) {
      last--;
    }
    return last < 0 ? 0 : BucketBounds.exponential(schema, side.indices[last]);
  }

  private void absorb(SparseCounts side, int covered) {
    for (int i = 0; i < covered; i++) {
      double before = zeroCount;
      zeroCount = before + side.counts[i];
      zeroLack =
          CompensatedSum.compensation(side.counts[i], before, zeroCount, zeroLack) + side.lacks[i];
    }
    side.removeFirst(covered);
  }

  private void note(ResetHint added) {
    sawReset |= added == ResetHint.RESET;
    sawNoReset |= added == ResetHint.NO_RESET;
  }

  private void adjustHint(ResetHint other) {
    if (other == hint || hint == ResetHint.GAUGE) {
      return;
    }
    hint = other == ResetHint.GAUGE ? ResetHint.GAUGE : ResetHint.UNKNOWN;
  }
}
