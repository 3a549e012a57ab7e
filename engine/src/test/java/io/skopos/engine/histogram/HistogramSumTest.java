// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramSumTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void additionIsOrderlessAndSubtractionItsInverse(long seed) {
    Random random = new Random(seed);
    NativeHistogram left = random(random, random.nextInt(5) - 1, random.nextInt(3));
    NativeHistogram right = random(random, random.nextInt(5) - 1, random.nextInt(3));
    HistogramSum sum = HistogramSum.of(left);
    sum.add(right);
    HistogramSum other = HistogramSum.of(right);
    other.add(left);
    NativeHistogram total = sum.toHistogram();
    assertThat(HistogramEquality.holds(total, other.toHistogram())).as("seed %d", seed).isTrue();
    assertThat(total.schema()).isEqualTo(Math.min(left.schema(), right.schema()));
    assertThat(inBuckets(total)).isEqualTo(inBuckets(left) + inBuckets(right), within(1e-9));
    sum.subtract(right);
    assertThat(sum.toHistogram().count()).isEqualTo(left.count());
    assertThat(inBuckets(sum.toHistogram())).isEqualTo(inBuckets(left), within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatIsTrimmedOnBothSidesIsTheWhole(long seed) {
    Random random = new Random(seed);
    NativeHistogram whole = random(random, random.nextInt(5) - 1, 1);
    double cutoff = random.nextGaussian() * 8;
    double below = HistogramTrim.above(whole, cutoff).count();
    double above = HistogramTrim.below(whole, cutoff).count();
    assertThat(below + above).as("seed %d", seed).isEqualTo(whole.count(), within(1e-9));
    double share = HistogramFraction.between(Double.NEGATIVE_INFINITY, cutoff, whole);
    assertThat(below / whole.count()).as("seed %d", seed).isEqualTo(share, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void quantilesAscendAndFractionsInvertThem(long seed) {
    NativeHistogram histogram = random(new Random(seed), 2, 1);
    double before = Double.NEGATIVE_INFINITY;
    for (double q = 0; q <= 1; q += 1.0 / 64) {
      double value = HistogramQuantile.of(q, histogram);
      assertThat(value).as("seed %d, quantile %s", seed, q).isGreaterThanOrEqualTo(before);
      before = value;
    }
    double median = HistogramQuantile.of(0.5, histogram);
    assertThat(HistogramFraction.between(Double.NEGATIVE_INFINITY, median, histogram))
        .isEqualTo(0.5, within(1e-9));
  }

  @Test
  void aWiderZeroBucketTakesWholePopulatedBuckets() {
    NativeHistogram narrow =
        histogram(0, 0.001, 1, new double[] {5, 7}, new int[] {0, 2}); // (0.5,1] (1,2]
    NativeHistogram wide = histogram(0, 0.75, 2, new double[] {3}, new int[] {2, 1}); // (2,4]
    HistogramSum sum = HistogramSum.of(narrow);
    sum.add(wide);
    NativeHistogram total = sum.toHistogram();
    assertThat(total.zeroThreshold()).isEqualTo(1);
    assertThat(total.zeroCount()).isEqualTo(1 + 5 + 2);
    assertThat(total.positive().counts()).containsExactly(7, 3);
    assertThat(total.positive().spans()).containsExactly(1, 2);
  }

  @Test
  void customBoundsAreReducedToThoseInCommon() {
    HistogramSum sum = HistogramSum.of(custom(new double[] {1, 2, 5}, 1, 2, 3, 4));
    assertThat(sum.fits(histogram(0, 0, 0, new double[] {1}, new int[] {0, 1}))).isFalse();
    sum.add(custom(new double[] {2, 3, 5}, 10, 20, 30, 40));
    NativeHistogram total = sum.toHistogram();
    assertThat(sum.boundsReconciled()).isTrue();
    assertThat(total.customValues()).containsExactly(2, 5);
    assertThat(total.positive().counts()).containsExactly(13, 53, 44);
    assertThatThrownBy(() -> sum.add(histogram(0, 0, 0, new double[] {1}, new int[] {0, 1})))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void roundingsAreMadeGood() {
    HistogramSum sum = HistogramSum.of(histogram(0, 0, 0, new double[] {1e16}, new int[] {0, 1}));
    for (int i = 0; i < 10; i++) {
      sum.add(histogram(0, 0, 0, new double[] {1}, new int[] {0, 1}));
    }
    sum.subtract(histogram(0, 0, 0, new double[] {1e16}, new int[] {0, 1}));
    assertThat(sum.toHistogram().positive().counts()).containsExactly(10);
  }

  @Test
  void meansDoNotOverflow() {
    double huge = Double.MAX_VALUE / 1.5;
    HistogramMean mean =
        new HistogramMean(histogram(0, 0, 0, new double[] {huge}, new int[] {0, 1}));
    for (int i = 0; i < 3; i++) {
      mean.add(histogram(0, 0, 0, new double[] {huge}, new int[] {0, 1}));
    }
    assertThat(mean.toHistogram().positive().counts()[0]).isEqualTo(huge, within(huge * 1e-12));
  }

  @Test
  void resetsAreSeenInAnyBucket() {
    NativeHistogram before = histogram(1, 0, 0, new double[] {2, 3}, new int[] {0, 2});
    assertThat(CounterReset.between(before, before)).isFalse();
    assertThat(
            CounterReset.between(before, histogram(1, 0, 0, new double[] {1, 4}, new int[] {0, 2})))
        .isTrue();
    // Coarser buckets do not tell of a reset, finer ones do.
    assertThat(
            CounterReset.between(before, histogram(0, 0, 0, new double[] {2, 3}, new int[] {0, 2})))
        .isFalse();
    assertThat(
            CounterReset.between(before, histogram(2, 0, 0, new double[] {2, 3}, new int[] {0, 2})))
        .isTrue();
    assertThat(
            CounterReset.between(
                before,
                histogram(1, 0, 0, new double[] {1, 4}, new int[] {0, 2})
                    .withResetHint(ResetHint.NO_RESET)))
        .isFalse();
  }

  private static double inBuckets(NativeHistogram histogram) {
    double sum = histogram.zeroCount();
    for (double count : histogram.positive().counts()) {
      sum += count;
    }
    for (double count : histogram.negative().counts()) {
      sum += count;
    }
    return sum;
  }

  private static NativeHistogram custom(double[] bounds, double... counts) {
    double count = 0;
    for (double bucket : counts) {
      count += bucket;
    }
    return new NativeHistogram(
        NativeHistogram.CUSTOM_BUCKETS,
        false,
        ResetHint.UNKNOWN,
        0,
        0,
        count,
        count,
        new Buckets(new int[] {0, counts.length}, counts),
        Buckets.NONE,
        bounds);
  }

  private static NativeHistogram histogram(
      int schema, double zeroThreshold, double zeroCount, double[] counts, int[] spans) {
    double count = zeroCount;
    for (double bucket : counts) {
      count += bucket;
    }
    return new NativeHistogram(
        schema,
        false,
        ResetHint.UNKNOWN,
        zeroThreshold,
        zeroCount,
        count,
        count,
        new Buckets(spans, counts),
        Buckets.NONE,
        NativeHistogram.NO_CUSTOM_VALUES);
  }

  private static NativeHistogram random(Random random, int schema, int zeroWidth) {
    Buckets positive = buckets(random);
    Buckets negative = buckets(random);
    double zeroCount = zeroWidth == 0 ? 0 : random.nextInt(20);
    double threshold = new double[] {0, 0.001, 0.1}[zeroWidth];
    NativeHistogram histogram =
        new NativeHistogram(
            schema,
            false,
            ResetHint.UNKNOWN,
            threshold,
            zeroCount,
            0,
            random.nextGaussian() * 100,
            positive,
            negative,
            NativeHistogram.NO_CUSTOM_VALUES);
    return new NativeHistogram(
        schema,
        false,
        ResetHint.UNKNOWN,
        threshold,
        zeroCount,
        inBuckets(histogram),
        histogram.sum(),
        positive,
        negative,
        NativeHistogram.NO_CUSTOM_VALUES);
  }

  private static Buckets buckets(Random random) {
    int first = 1 + random.nextInt(6);
    int second = 1 + random.nextInt(6);
    double[] counts = new double[first + second];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = 1 + random.nextInt(50);
    }
    return new Buckets(new int[] {random.nextInt(5) - 1, first, random.nextInt(4), second}, counts);
  }
}
