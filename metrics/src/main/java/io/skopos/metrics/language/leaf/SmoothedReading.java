// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.StepRow;
import io.skopos.engine.histogram.HistogramSum;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import org.jspecify.annotations.Nullable;

/**
 * An instant selector with {@code smoothed}: the sample at the step's time, else the line between
 * its neighbours within the lookback, else the one before. There is no line between a float and a
 * histogram, or between exponential and custom buckets; then it is the one before.
 */
final class SmoothedReading extends SeriesReading {

  private final LeafRequest request;
  private final SampleCount count;
  private final int steps;

  SmoothedReading(LeafRequest request, SampleCount count) {
    this.request = request;
    this.count = count;
    this.steps = request.grid().steps();
  }

  @Override
  boolean dropsName() {
    return false;
  }

  @Override
  boolean looksAtValues() {
    return true;
  }

  @Override
  int read(Labels labels, SampleBuffer samples, StepRow row) {
    WindowReading.removeStaleMarkers(samples);
    ResetHints.tell(samples, request.tellsResets());
    long[] timesMs = samples.timesMs;
    int size = samples.size;
    int next = 0;
    for (int step = 0; step < steps; step++) {
      long time = request.windowEndMs(step);
      while (next < size && timesMs[next] < time) {
        next++;
      }
      boolean before = next > 0 && timesMs[next - 1] > time - request.windowMs();
      boolean after = next < size && timesMs[next] <= time + request.lookbackMs();
      if (after && timesMs[next] == time) {
        set(row, step, samples, next);
      } else if (before && after) {
        setBetween(row, step, samples, next, time);
      } else if (before) {
        set(row, step, samples, next - 1);
      } else {
        continue;
      }
      count.add(step, 1);
    }
    return 0;
  }

  private static void set(StepRow row, int step, SampleBuffer samples, int index) {
    NativeHistogram histogram = samples.histograms == null ? null : samples.histograms[index];
    if (histogram == null) {
      row.set(step, samples.values[index]);
    } else {
      row.set(step, histogram);
    }
  }

  private static void setBetween(StepRow row, int step, SampleBuffer samples, int next, long time) {
    long[] timesMs = samples.timesMs;
    @Nullable NativeHistogram[] histograms = samples.histograms;
    NativeHistogram left = histograms == null ? null : histograms[next - 1];
    NativeHistogram right = histograms == null ? null : histograms[next];
    if (left == null && right == null) {
      row.set(
          step,
          interpolate(
              timesMs[next - 1],
              samples.values[next - 1],
              timesMs[next],
              samples.values[next],
              time));
    } else if (left == null || right == null || !HistogramSum.of(left).fits(right)) {
      set(row, step, samples, next - 1);
    } else {
      row.set(step, interpolate(timesMs[next - 1], left, timesMs[next], right, time));
    }
  }

  /** The value at {@code time} on the line between two samples. */
  static double interpolate(long leftTime, double left, long rightTime, double right, long time) {
    return left + (right - left) * (time - leftTime) / (rightTime - leftTime);
  }

  /** Likewise of histograms that fit. */
  static NativeHistogram interpolate(
      long leftTime, NativeHistogram left, long rightTime, NativeHistogram right, long time) {
    HistogramSum sum = HistogramSum.of(right);
    sum.subtract(left);
    sum.multiply((double) (time - leftTime) / (rightTime - leftTime));
    sum.add(left);
    return sum.toHistogram();
  }
}
