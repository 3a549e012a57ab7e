// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.StepRow;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;

/**
 * An instant selector with {@code smoothed}: the sample at the step's time, else the line between
 * its neighbours within the lookback, else the one before.
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
  int read(Labels labels, SampleBuffer samples, StepRow row) {
    WindowReading.removeStaleMarkers(samples);
    long[] timesMs = samples.timesMs;
    double[] values = samples.values;
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
        row.set(step, values[next]);
      } else if (before && after) {
        row.set(
            step,
            interpolate(timesMs[next - 1], values[next - 1], timesMs[next], values[next], time));
      } else if (before) {
        row.set(step, values[next - 1]);
      } else {
        continue;
      }
      count.add(step, 1);
    }
    return 0;
  }

  /** The value at {@code time} on the line between two samples. */
  static double interpolate(long leftTime, double left, long rightTime, double right, long time) {
    return left + (right - left) * (time - leftTime) / (rightTime - leftTime);
  }
}
