// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.histogram.HistogramSum;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.histogram.NativeHistogram;
import org.jspecify.annotations.Nullable;

/** Gives a window with extended edges a sample at its very start and at its very end. */
final class EdgeSamples {

  private EdgeSamples() {}

  /**
   * @param smoothed whether the ends are interpolated, rather than taken from the sample before
   */
  static void extend(SampleBuffer samples, long startMs, long endMs, boolean smoothed) {
    SampleBuffer read = new SampleBuffer(Math.max(1, samples.size));
    for (int i = 0; i < samples.size; i++) {
      read.copy(samples, i, read.size++);
    }
    samples.clear();
    if (read.size == 0) {
      return;
    }
    long[] times = read.timesMs;
    int last = read.size - 1;
    int first = Math.max(0, firstAfter(times, last, startMs) - 1);
    if (smoothed) {
      last = firstAfter(times, last, endMs - 1);
    }
    if (times[last] <= startMs) {
      return;
    }
    boolean leftBetween = smoothed && times[first] < startMs && first + 1 < read.size;
    add(samples, read, first, leftBetween ? first + 1 : first, startMs);
    for (int i = first; i <= last; i++) {
      if (times[i] > startMs && times[i] < endMs) {
        add(samples, read, i, i, times[i]);
      }
    }
    boolean rightBetween = smoothed && last > 0 && times[last] > endMs;
    add(samples, read, rightBetween ? last - 1 : last, last, endMs);
  }

  /** Adds a sample at a time: one as it is, or the line between two if there is one. */
  private static void add(SampleBuffer into, SampleBuffer from, int left, int right, long timeMs) {
    @Nullable NativeHistogram[] histograms = from.histograms;
    NativeHistogram before = histograms == null ? null : histograms[left];
    NativeHistogram behind = histograms == null ? null : histograms[right];
    if (left == right) {
      into.add(timeMs, from.values[left], before, 0);
    } else if (before == null && behind == null) {
      into.add(
          timeMs,
          SmoothedReading.interpolate(
              from.timesMs[left],
              from.values[left],
              from.timesMs[right],
              from.values[right],
              timeMs));
    } else if (before == null || behind == null || !HistogramSum.of(before).fits(behind)) {
      into.add(timeMs, from.values[left], before, 0);
    } else {
      NativeHistogram between =
          SmoothedReading.interpolate(
              from.timesMs[left], before, from.timesMs[right], behind, timeMs);
      into.add(timeMs, between.sum(), between, 0);
    }
  }

  /** The first index whose time is later, at most {@code limit}. */
  private static int firstAfter(long[] times, int limit, long time) {
    int index = 0;
    while (index < limit && times[index] <= time) {
      index++;
    }
    return index;
  }
}
