// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import java.util.Arrays;

/** Whether a counter began anew between two histograms. */
public final class CounterReset {

  private CounterReset() {}

  /**
   * By what the histogram itself tells; where it does not, there was a reset when any count fell or
   * when buckets became finer, which no counter does while it runs.
   */
  public static boolean between(NativeHistogram previous, NativeHistogram current) {
    switch (current.resetHint()) {
      case RESET -> {
        return true;
      }
      case NO_RESET -> {
        return false;
      }
      case UNKNOWN, GAUGE -> {}
    }
    if (current.count() < previous.count()
        || current.hasCustomBuckets() != previous.hasCustomBuckets()) {
      return true;
    }
    if (current.hasCustomBuckets()) {
      return Arrays.equals(current.customValues(), previous.customValues())
          ? anyFell(previous.positive(), current.positive())
          : anyFellInCommonBounds(previous, current);
    }
    if (current.schema() > previous.schema()
        || current.zeroThreshold() < previous.zeroThreshold()) {
      return true;
    }
    if (current.schema() == previous.schema()
        && current.zeroThreshold() == previous.zeroThreshold()) {
      return current.zeroCount() < previous.zeroCount()
          || anyFell(previous.positive(), current.positive())
          || anyFell(previous.negative(), current.negative());
    }
    HistogramSum before = HistogramSum.of(previous);
    if (before.zeroThreshold() < current.zeroThreshold()) {
      before.widenZeroBucket(current.zeroThreshold());
    }
    if (before.zeroThreshold() != current.zeroThreshold()
        || current.zeroCount() < before.zeroCount()) {
      return true;
    }
    before.reduceTo(current.schema());
    HistogramSum now = HistogramSum.of(current);
    return anyFell(before.positive(), now.positive()) || anyFell(before.negative(), now.negative());
  }

  private static boolean anyFellInCommonBounds(NativeHistogram previous, NativeHistogram current) {
    double[] common = BucketBounds.common(previous.customValues(), current.customValues());
    HistogramSum before = HistogramSum.of(previous);
    HistogramSum now = HistogramSum.of(current);
    before.rebound(common);
    now.rebound(common);
    return anyFell(before.positive(), now.positive());
  }

  private static boolean anyFell(Buckets previous, Buckets current) {
    double[] before = previous.counts();
    double[] now = current.counts();
    if (Arrays.equals(previous.spans(), current.spans())) {
      for (int i = 0; i < before.length; i++) {
        if (now[i] < before[i]) {
          return true;
        }
      }
      return false;
    }
    return anyFell(SparseCounts.of(previous), SparseCounts.of(current));
  }

  private static boolean anyFell(SparseCounts previous, SparseCounts current) {
    int at = 0;
    for (int i = 0; i < previous.size; i++) {
      while (at < current.size && current.indices[at] < previous.indices[i]) {
        at++;
      }
      boolean there = at < current.size && current.indices[at] == previous.indices[i];
      if ((there ? current.total(at) : 0) < previous.total(i)) {
        return true;
      }
    }
    return false;
  }
}
