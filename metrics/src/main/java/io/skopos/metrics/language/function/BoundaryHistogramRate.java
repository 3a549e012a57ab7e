// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.engine.histogram.CounterReset;
import io.skopos.engine.histogram.HistogramSum;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import org.jspecify.annotations.Nullable;

/** {@link BoundaryRate} for histograms. */
final class BoundaryHistogramRate extends SeriesKernel {

  private final RateFunction function;
  private final RangeCall call;
  private final boolean smoothed;

  BoundaryHistogramRate(RateFunction function, RangeCall call) {
    this.function = function;
    this.call = call;
    this.smoothed = call.edge() == WindowEdge.SMOOTHED;
  }

  @Override
  public void window(int step, int from, int to, StepRow out) {
    long end = call.windowEndMs(step);
    long start = end - call.rangeMs();
    int first = Math.max(from, firstAtOrAfter(start + 1, from, to - 1) - 1);
    int last = smoothed ? firstAtOrAfter(end, from, to - 1) : to - 1;
    if (timesMs[last] <= start || (smoothed && timesMs[first] > end) || !consistent(first, last)) {
      return;
    }
    boolean leftBetween = smoothed && timesMs[first] < start;
    boolean rightBetween = smoothed && last > from && timesMs[last] > end;
    NativeHistogram left = leftBetween ? interpolate(first, start) : histogram(first);
    NativeHistogram right = rightBetween ? interpolate(last - 1, end) : histogram(last);
    if (!function.counter() && !(left.isGauge() && right.isGauge())) {
      call.annotations().warn(AnnotationText.notGauge(metric()), call.position(0));
    }
    HistogramSum difference = HistogramSum.of(right);
    difference.subtract(left);
    noteReconciled(difference, AnnotationText.Operation.SUBTRACTION);
    if (function.counter()) {
      HistogramSum lost = lost(first, last, left, right, leftBetween);
      if (lost != null) {
        difference.add(lost);
        noteReconciled(difference, AnnotationText.Operation.ADDITION);
      }
    }
    if (function.perSecond()) {
      difference.divide(call.rangeMs() / 1000.0);
    }
    difference.hint(ResetHint.GAUGE);
    out.set(step, difference.toHistogram());
  }

  private boolean consistent(int first, int last) {
    boolean custom = histogram(first).hasCustomBuckets();
    for (int i = first; i <= last; i++) {
      if (histogram(i).hasCustomBuckets() != custom) {
        call.annotations().warn(AnnotationText.mixedBuckets(metric()), call.position(0));
        return false;
      }
      if (function.counter() && histogram(i).isGauge()) {
        call.annotations().warn(AnnotationText.notCounter(metric()), call.position(0));
      }
    }
    return true;
  }

  /** The histogram at a time between two samples; after a reset one that grows from nothing. */
  private NativeHistogram interpolate(int index, long timeMs) {
    NativeHistogram before = histogram(index);
    NativeHistogram behind = histogram(index + 1);
    double fraction = (double) (timeMs - timesMs[index]) / (timesMs[index + 1] - timesMs[index]);
    HistogramSum sum = HistogramSum.of(behind);
    if (function.counter() && CounterReset.between(before, behind)) {
      sum.multiply(fraction);
      return sum.toHistogram();
    }
    sum.subtract(before);
    noteReconciled(sum, AnnotationText.Operation.SUBTRACTION);
    sum.multiply(fraction);
    sum.add(before);
    noteReconciled(sum, AnnotationText.Operation.ADDITION);
    return sum.toHistogram();
  }

  /** What resets took away between both values; null when there were none. */
  private @Nullable HistogramSum lost(
      int first, int last, NativeHistogram left, NativeHistogram right, boolean leftBetween) {
    NativeHistogram previous = left;
    int from = first + 1;
    if (leftBetween && CounterReset.between(histogram(first), histogram(first + 1))) {
      // The interpolation went over that reset already.
      previous = histogram(first + 1);
      from++;
    }
    if (from > last) {
      return null;
    }
    HistogramSum lost = null;
    for (int i = from; i <= last; i++) {
      NativeHistogram next = i == last ? right : histogram(i);
      if (CounterReset.between(previous, next)) {
        if (lost == null) {
          lost = HistogramSum.of(previous);
        } else {
          lost.add(previous);
          noteReconciled(lost, AnnotationText.Operation.ADDITION);
        }
      }
      previous = next;
    }
    return lost;
  }

  private void noteReconciled(HistogramSum sum, AnnotationText.Operation operation) {
    if (sum.boundsReconciled()) {
      call.annotations().info(AnnotationText.boundsReconciled(operation), call.position(0));
      sum.forgetReconciled();
    }
  }

  /** The first index from {@code low} whose time is not before, or {@code high}. */
  private int firstAtOrAfter(long timeMs, int low, int high) {
    int below = low;
    int above = high;
    while (below < above) {
      int middle = (below + above) >>> 1;
      if (timesMs[middle] >= timeMs) {
        above = middle;
      } else {
        below = middle + 1;
      }
    }
    return below;
  }
}
