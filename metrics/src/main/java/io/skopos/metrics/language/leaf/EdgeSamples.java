// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.metrics.store.SampleBuffer;

/** Gives a window with extended edges a sample at its very start and at its very end. */
final class EdgeSamples {

  private EdgeSamples() {}

  /**
   * @param smoothed whether the ends are interpolated, rather than taken from the sample before
   */
  static void extend(SampleBuffer samples, long startMs, long endMs, boolean smoothed) {
    int size = samples.size;
    long[] times = samples.timesMs.clone();
    double[] values = samples.values.clone();
    samples.clear();
    if (size == 0) {
      return;
    }
    int last = size - 1;
    int first = Math.max(0, firstAfter(times, last, startMs) - 1);
    if (smoothed) {
      last = firstAfter(times, last, endMs - 1);
    }
    if (times[last] <= startMs) {
      return;
    }
    double left = values[first];
    if (smoothed && times[first] < startMs && first + 1 < size) {
      left =
          SmoothedReading.interpolate(
              times[first], values[first], times[first + 1], values[first + 1], startMs);
    }
    double right = values[last];
    if (smoothed && last > 0 && times[last] > endMs) {
      right =
          SmoothedReading.interpolate(
              times[last - 1], values[last - 1], times[last], values[last], endMs);
    }
    samples.add(startMs, left);
    for (int i = first; i <= last; i++) {
      if (times[i] > startMs && times[i] < endMs) {
        samples.add(times[i], values[i]);
      }
    }
    samples.add(endMs, right);
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
