// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepRow;
import io.skopos.engine.histogram.HistogramSize;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import org.jspecify.annotations.Nullable;

/** An instant selector: at each step the newest sample, if it is neither too old nor stale. */
final class LatestReading extends SeriesReading {

  /** What of the sample is wanted. */
  enum Wanted {
    VALUE,
    /** Its time in seconds. */
    TIME,
    /** Its time in seconds; a histogram fails the query. */
    FLOAT_TIME,
    /** The time its counting began, in seconds; 0 when that is not known. */
    START
  }

  private final LeafRequest request;
  private final SampleCount count;
  private final Wanted wanted;
  private final int steps;

  LatestReading(LeafRequest request, SampleCount count, Wanted wanted) {
    this.request = request;
    this.count = count;
    this.wanted = wanted;
    this.steps = request.grid().steps();
  }

  @Override
  boolean dropsName() {
    return wanted != Wanted.VALUE;
  }

  @Override
  boolean looksAtValues() {
    return switch (wanted) {
      case VALUE -> !request.asksForPresence();
      case START -> true;
      case TIME, FLOAT_TIME -> false;
    };
  }

  @Override
  int read(Labels labels, SampleBuffer samples, StepRow row) {
    if (samples.histograms != null && wanted == Wanted.VALUE) {
      readHistograms(samples, samples.histograms, row);
      return 0;
    }
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
        if (wanted == Wanted.FLOAT_TIME
            && samples.histograms != null
            && samples.histograms[next - 1] != null) {
          throw new QueryFailed("this should be an info metric, with float samples: " + labels);
        }
        row.set(
            step,
            switch (wanted) {
              case VALUE -> value;
              case TIME, FLOAT_TIME -> timesMs[next - 1] / 1000.0;
              case START -> samples.startsMs == null ? 0 : samples.startsMs[next - 1] / 1000.0;
            });
        count.add(step, 1);
      }
    }
    return 0;
  }

  private void readHistograms(
      SampleBuffer samples, @Nullable NativeHistogram[] histograms, StepRow row) {
    int next = 0;
    int told = -1;
    NativeHistogram answer = null;
    for (int step = 0; step < steps; step++) {
      long end = request.windowEndMs(step);
      while (next < samples.size && samples.timesMs[next] <= end) {
        next++;
      }
      int chosen = next - 1;
      if (chosen < 0
          || samples.timesMs[chosen] <= end - request.windowMs()
          || StaleMarker.is(samples.values[chosen])) {
        continue;
      }
      NativeHistogram histogram = histograms[chosen];
      if (histogram == null) {
        row.set(step, samples.values[chosen]);
        count.add(step, 1);
        continue;
      }
      if (told != chosen || answer == null) {
        answer =
            chosen == 0
                ? histogram
                : ResetHints.told(histograms[chosen - 1], histogram, request.tellsResets());
        told = chosen;
      }
      row.set(step, answer);
      count.add(step, HistogramSize.inSamples(answer));
    }
  }
}
