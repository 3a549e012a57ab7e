// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import java.util.Arrays;

/** Whether two histograms say the same. */
public final class HistogramEquality {

  private HistogramEquality() {}

  /** Equal buckets, counts and sums, bit for bit, whatever their spans and reset hints. */
  public static boolean holds(NativeHistogram left, NativeHistogram right) {
    return left.schema() == right.schema()
        && bits(left.count()) == bits(right.count())
        && bits(left.sum()) == bits(right.sum())
        && left.zeroThreshold() == right.zeroThreshold()
        && bits(left.zeroCount()) == bits(right.zeroCount())
        && Arrays.equals(left.customValues(), right.customValues())
        && holds(left.positive(), right.positive())
        && holds(left.negative(), right.negative());
  }

  private static boolean holds(Buckets left, Buckets right) {
    if (left.equals(right)) {
      return true;
    }
    return SparseCounts.of(left).toBuckets().equals(SparseCounts.of(right).toBuckets());
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }
}
