// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.model.Labels;

/**
 * {@code rate}, {@code increase} and {@code delta} over {@code anchored} and {@code smoothed}
 * windows: values at the window's very ends instead of extrapolation. Anchored takes the last
 * sample at or before the start; smoothed interpolates between the samples around each end.
 */
final class BoundaryRate extends SeriesKernel {

  private final RateFunction function;
  private final RangeCall call;
  private final boolean smoothed;
  private boolean nameChecked;

  BoundaryRate(RateFunction function, RangeCall call) {
    this.function = function;
    this.call = call;
    this.smoothed = call.edge() == WindowEdge.SMOOTHED;
  }

  @Override
  void begin(Labels labels, int size) {
    nameChecked = !function.counter();
  }

  @Override
  public void window(int step, int from, int to, StepRow out) {
    long end = call.windowEndMs(step);
    long start = end - call.rangeMs();
    int first = Math.max(from, firstAtOrAfter(start + 1, from, to - 1) - 1);
    int last = smoothed ? firstAtOrAfter(end, from, to - 1) : to - 1;
    if (timesMs[last] <= start) {
      return;
    }
    double left = smoothed && timesMs[first] < start ? interpolate(first, start) : values[first];
    double right =
        smoothed && last > from && timesMs[last] > end ? interpolate(last - 1, end) : values[last];
    double difference = right - left;
    if (function.counter()) {
      // The samples at the ends are in left and right already.
      int inside = timesMs[first] <= start ? first + 1 : first;
      int behind = timesMs[last] >= end ? last : last + 1;
      difference += lost(left, right, inside, behind);
    }
    out.set(step, function.perSecond() ? difference / (call.rangeMs() / 1000.0) : difference);
    if (!nameChecked) {
      RateFunction.CounterName.check(labels(), call);
      nameChecked = true;
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

  private double interpolate(int index, long timeMs) {
    double before = values[index];
    double behind = values[index + 1];
    if (function.counter() && behind < before) {
      before = 0;
    }
    return before
        + (behind - before) * (timeMs - timesMs[index]) / (timesMs[index + 1] - timesMs[index]);
  }

  /** What resets took away between both values. */
  private double lost(double left, double right, int from, int to) {
    double lost = 0;
    double previous = left;
    for (int i = from; i < to; i++) {
      if (values[i] < previous) {
        lost += previous;
      }
      previous = values[i];
    }
    return right < previous ? lost + previous : lost;
  }
}
