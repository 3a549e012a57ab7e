// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.engine.histogram.CounterReset;
import io.skopos.engine.histogram.HistogramSum;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import org.jspecify.annotations.Nullable;

/**
 * {@code rate}, {@code increase} and {@code delta} of histograms: as of floats, bucket by bucket.
 */
final class HistogramRate extends SeriesKernel {

  private final RateFunction function;
  private final RangeCall call;
  private boolean[] resets = new boolean[64];
  private boolean[] overlaps = new boolean[0];

  HistogramRate(RateFunction function, RangeCall call) {
    this.function = function;
    this.call = call;
  }

  @Override
  void begin(Labels labels, int size) {
    if (!function.counter()) {
      return;
    }
    if (resets.length < size) {
      resets = new boolean[values.length];
    }
    for (int i = 1; i < size; i++) {
      resets[i] = startsAnew(i) || CounterReset.between(histogram(i - 1), histogram(i));
    }
    if (startsMs != null) {
      overlaps = new boolean[size];
      for (int i = 1; i < size; i++) {
        overlaps[i] = StartTimes.overlap(startsMs[i - 1], timesMs[i - 1], startsMs[i]);
      }
    }
  }

  private boolean startsAnew(int i) {
    return startsMs != null
        && StartTimes.isReset(startsMs[i - 1], timesMs[i - 1], startsMs[i], timesMs[i]);
  }

  @Override
  public void window(int step, int from, int to, StepRow out) {
    int last = to - 1;
    long end = call.windowEndMs(step);
    Extrapolation extrapolation =
        new Extrapolation(end - call.rangeMs(), end, timesMs[from], timesMs[last], last - from);
    boolean born =
        function.counter() && startsMs != null && extrapolation.beginsInside(startsMs[from]);
    if (last == from && !born) {
      return;
    }
    HistogramSum difference =
        last == from ? HistogramSum.of(histogram(from)) : difference(from, last);
    if (difference == null) {
      return;
    }
    if (born && startsMs != null) {
      extrapolation.beginAt(startsMs[from]);
      if (last > from && !add(difference, histogram(from))) {
        return;
      }
    } else if (function.counter()) {
      extrapolation.notBelowZero(histogram(from).count(), difference.count());
    }
    difference.multiply(extrapolation.factor(function.perSecond(), call.rangeMs()));
    difference.hint(ResetHint.GAUGE);
    out.set(step, difference.toHistogram());
  }

  private @Nullable HistogramSum difference(int from, int last) {
    boolean counter = function.counter();
    boolean firstCounts = !(counter && resets[from + 1]);
    // What was before a reset need not fit what comes after it.
    NativeHistogram first =
        firstCounts ? histogram(from) : HistogramSum.zeroLike(histogram(from + 1)).toHistogram();
    boolean custom = first.hasCustomBuckets();
    int schema = Math.min(first.schema(), histogram(last).schema());
    boolean gauge = histogram(from).isGauge() || histogram(last).isGauge();
    boolean fits = histogram(last).hasCustomBuckets() == custom;
    for (int i = from + 1; i < last && fits && counter; i++) {
      gauge |= histogram(i).isGauge();
      schema = Math.min(schema, histogram(i).schema());
      fits = histogram(i).hasCustomBuckets() == custom;
    }
    if (!fits) {
      call.annotations().warn(AnnotationText.mixedBuckets(metric()), call.position(0));
      return null;
    }
    if (counter && gauge) {
      call.annotations().warn(AnnotationText.notCounter(metric()), call.position(0));
    }
    if (!counter && !(histogram(from).isGauge() && histogram(last).isGauge())) {
      call.annotations().warn(AnnotationText.notGauge(metric()), call.position(0));
    }
    HistogramSum difference = HistogramSum.of(histogram(last));
    difference.reduceTo(schema);
    difference.subtract(first);
    noteReconciled(difference, AnnotationText.Operation.SUBTRACTION);
    for (int i = from + 1; i <= last && counter; i++) {
      if (startsMs != null && overlaps[i]) {
        call.annotations().warn(AnnotationText.startsOverlap(metric()), call.position(0));
      }
      if (resets[i] && !(i == from + 1) && !add(difference, histogram(i - 1))) {
        return null;
      }
    }
    return difference;
  }

  private boolean add(HistogramSum difference, NativeHistogram histogram) {
    if (!difference.fits(histogram)) {
      call.annotations().warn(AnnotationText.mixedBuckets(metric()), call.position(0));
      return false;
    }
    difference.add(histogram);
    noteReconciled(difference, AnnotationText.Operation.ADDITION);
    return true;
  }

  private void noteReconciled(HistogramSum difference, AnnotationText.Operation operation) {
    if (difference.boundsReconciled()) {
      call.annotations().info(AnnotationText.boundsReconciled(operation), call.position(0));
      difference.forgetReconciled();
    }
  }
}
