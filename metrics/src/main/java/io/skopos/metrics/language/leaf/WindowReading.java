// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepGrid;
import io.skopos.engine.StepRow;
import io.skopos.metrics.language.function.FunctionLibrary;
import io.skopos.metrics.language.function.PositionedAnnotations;
import io.skopos.metrics.language.function.RangeCall;
import io.skopos.metrics.language.function.RangeFunction;
import io.skopos.metrics.language.function.RangeKernel;
import io.skopos.metrics.language.function.WindowEdge;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Labels;

/** A range function over sliding windows. */
public final class WindowReading extends SeriesReading {

  private final LeafRequest request;
  private final SampleCount count;
  private final RangeKernel kernel;
  private final boolean keepsName;
  private final int steps;

  private WindowReading(
      LeafRequest request, SampleCount count, RangeKernel kernel, boolean keepsName) {
    this.request = request;
    this.count = count;
    this.kernel = kernel;
    this.keepsName = keepsName;
    this.steps = request.grid().steps();
  }

  /**
   * @param windowed the request's reading
   */
  public static WindowReading of(
      LeafRequest request,
      Reading.Windowed windowed,
      PositionedAnnotations annotations,
      SampleCount count) {
    RangeFunction function = FunctionLibrary.range(windowed.function());
    if (function == null) {
      throw new QueryFailed("unknown range function " + windowed.function());
    }
    RangeKernel kernel = function.kernel(new Call(request, windowed, annotations));
    return new WindowReading(request, count, kernel, function.keepsName());
  }

  @Override
  public boolean dropsName() {
    return !keepsName;
  }

  @Override
  public int read(Labels labels, SampleBuffer samples, StepRow row) {
    removeStaleMarkers(samples);
    int size = samples.size;
    if (size == 0) {
      return 0;
    }
    long[] timesMs = samples.timesMs;
    long reachOn = request.reachOnMs();
    long length = request.windowMs() + request.reachBackMs();
    kernel.series(labels, timesMs, samples.values, size);
    int from = 0;
    int to = 0;
    int largest = 0;
    for (int step = 0; step < steps; step++) {
      long end = request.windowEndMs(step);
      while (to < size && timesMs[to] <= end + reachOn) {
        to++;
      }
      while (from < to && timesMs[from] <= end - length) {
        from++;
      }
      if (from < to) {
        kernel.window(step, from, to, row);
        count.add(step, to - from);
        largest = Math.max(largest, to - from);
      }
    }
    return largest;
  }

  static void removeStaleMarkers(SampleBuffer samples) {
    int kept = 0;
    int size = samples.size;
    double[] values = samples.values;
    while (kept < size && !StaleMarker.is(values[kept])) {
      kept++;
    }
    for (int i = kept; i < size; i++) {
      if (!StaleMarker.is(values[i])) {
        values[kept] = values[i];
        samples.timesMs[kept++] = samples.timesMs[i];
      }
    }
    samples.size = kept;
  }

  private record Call(
      LeafRequest request, Reading.Windowed windowed, PositionedAnnotations annotations)
      implements RangeCall {

    @Override
    public StepGrid grid() {
      return request.grid();
    }

    @Override
    public long rangeMs() {
      return request.windowMs();
    }

    @Override
    public long windowEndMs(int step) {
      return request.windowEndMs(step);
    }

    @Override
    public WindowEdge edge() {
      return windowed.edge();
    }

    @Override
    public double scalar(int argument, int step) {
      double[] values = windowed.scalars().get(argument);
      return values.length == 1 ? values[0] : values[step];
    }

    @Override
    public int position(int argument) {
      return windowed.positions().get(argument);
    }
  }
}
