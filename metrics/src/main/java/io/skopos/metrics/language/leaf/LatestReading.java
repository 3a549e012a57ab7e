// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.StepRow;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Labels;

/** An instant selector: at each step the newest sample, if it is neither too old nor stale. */
final class LatestReading extends SeriesReading {

  private final LeafRequest request;
  private final SampleCount count;
  private final boolean times;
  private final int steps;

  LatestReading(LeafRequest request, SampleCount count, boolean times) {
    this.request = request;
    this.count = count;
    this.times = times;
    this.steps = request.grid().steps();
  }

  @Override
  boolean dropsName() {
    return times;
  }

  @Override
  int read(Labels labels, SampleBuffer samples, StepRow row) {
    long[] timesMs = samples.timesMs;
    int size = samples.size;
    int next = 0;
    for (int step = 0; step < steps; step++) {
      long end = request.windowEndMs(step);
      while (next < size && timesMs[next] <= end) {
        next++;
      }
      if (next == 0 || timesMs[next - 1] <= end - request.windowMs()) {
        continue;
      }
      double value = samples.values[next - 1];
      if (!StaleMarker.is(value)) {
        row.set(step, times ? timesMs[next - 1] / 1000.0 : value);
        count.add(step, 1);
      }
    }
    return 0;
  }
}
