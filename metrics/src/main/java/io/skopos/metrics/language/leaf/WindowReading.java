// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepGrid;
import io.skopos.engine.StepRow;
import io.skopos.engine.histogram.HistogramSize;
import io.skopos.metrics.language.function.AggregatedKernel;
import io.skopos.metrics.language.function.FunctionLibrary;
import io.skopos.metrics.language.function.PositionedAnnotations;
import io.skopos.metrics.language.function.RangeCall;
import io.skopos.metrics.language.function.RangeFunction;
import io.skopos.metrics.language.function.RangeKernel;
import io.skopos.metrics.language.function.SplitKernel;
import io.skopos.metrics.language.function.WindowEdge;
import io.skopos.metrics.store.AggregatedSamples;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A range function over sliding windows. */
public final class WindowReading extends SeriesReading {

  /** Shorter windows hold no whole span that has aggregates. */
  private static final long SHORTEST_AGGREGATED_MS = 3_600_000;

  private final LeafRequest request;
  private final SampleCount count;
  private final RangeFunction function;
  private final RangeCall call;
  private final RangeKernel kernel;
  private final int steps;
  private final @Nullable AggregatedKernel aggregatedKernel;

  /** For series with histograms; made when the first one comes. */
  private @Nullable RangeKernel mixedKernel;

  private WindowReading(
      LeafRequest request, SampleCount count, RangeFunction function, RangeCall call) {
    this.request = request;
    this.count = count;
    this.function = function;
    this.call = call;
    this.kernel = function.kernel(call);
    this.steps = request.grid().steps();
    this.aggregatedKernel =
        request.reachBackMs() == 0 && request.reachOnMs() == 0
            ? function.aggregatedKernel(call)
            : null;
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
    return new WindowReading(request, count, function, new Call(request, windowed, annotations));
  }

  @Override
  public boolean dropsName() {
    return !function.keepsName();
  }

  @Override
  boolean looksAtValues() {
    return function.looksAtValues();
  }

  @Override
  int read(Labels labels, SampleBuffer samples, StepRow row) {
    removeStaleMarkers(samples);
    ResetHints.tell(samples, request.tellsResets());
    return readPrepared(labels, samples, row);
  }

  /** {@link #read} of samples that are not the store's: without stale markers. */
  public int readPrepared(Labels labels, SampleBuffer samples, StepRow row) {
    int size = samples.size;
    if (size == 0) {
      return 0;
    }
    long[] timesMs = samples.timesMs;
    long reachOn = request.reachOnMs();
    long length = request.windowMs() + request.reachBackMs();
    RangeKernel fitting = kernelFor(samples);
    fitting.series(labels, samples);
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
        fitting.window(step, from, to, row);
        int weight = weight(samples, from, to);
        count.add(step, weight);
        largest = Math.max(largest, weight);
      }
    }
    return largest;
  }

  /** Whether aggregates may stand for the samples of windows. */
  boolean takesAggregates() {
    return aggregatedKernel != null && request.windowMs() >= SHORTEST_AGGREGATED_MS;
  }

  /**
   * Whether the samples from one time to another lie in every window or outside of it, none partly.
   */
  boolean liesWhole(long firstMs, long lastMs) {
    long end = request.windowEndMs(0);
    return !isCut(firstMs, lastMs, end) && !isCut(firstMs, lastMs, end - request.windowMs());
  }

  /** Whether one of the steps' boundaries, of which this is the first, lies inside. */
  private boolean isCut(long firstMs, long lastMs, long boundaryMs) {
    long step = request.atMs() == null ? Math.max(1, request.grid().stepMs()) : 1;
    int count = request.atMs() == null ? steps : 1;
    long before = firstMs - boundaryMs;
    long next = before <= 0 ? 0 : (before + step - 1) / step;
    return next < count && boundaryMs + next * step < lastMs;
  }

  /** As {@link #read}, of aggregates. */
  int readAggregated(Labels labels, AggregatedSamples samples, StepRow row) {
    AggregatedKernel own = Objects.requireNonNull(aggregatedKernel);
    own.series(labels);
    int size = samples.size;
    int from = 0;
    int to = 0;
    int largest = 0;
    for (int step = 0; step < steps; step++) {
      long end = request.windowEndMs(step);
      while (to < size && samples.lastMs[to] <= end) {
        to++;
      }
      while (from < to && samples.firstMs[from] <= end - request.windowMs()) {
        from++;
      }
      if (from < to) {
        own.window(step, samples, from, to, row);
        long count = 0;
        for (int i = from; i < to; i++) {
          count += samples.counts[i];
        }
        this.count.add(step, count);
        largest = Math.max(largest, to - from);
      }
    }
    return largest;
  }

  private RangeKernel kernelFor(SampleBuffer samples) {
    if (samples.histograms == null) {
      return kernel;
    }
    RangeKernel mixed = mixedKernel;
    if (mixed == null) {
      mixed =
          switch (function.histograms()) {
            case AMONG_FLOATS -> kernel;
            case IGNORED -> new SplitKernel(call, kernel, null);
            case APART -> new SplitKernel(call, kernel, function.histogramKernel(call));
          };
      mixedKernel = mixed;
    }
    return mixed;
  }

  private static int weight(SampleBuffer samples, int from, int to) {
    int weight = to - from;
    if (samples.histograms != null) {
      for (int i = from; i < to; i++) {
        NativeHistogram histogram = samples.histograms[i];
        weight += histogram == null ? 0 : HistogramSize.inSamples(histogram) - 1;
      }
    }
    return weight;
  }

  static void removeStaleMarkers(SampleBuffer samples) {
    int kept = 0;
    int size = samples.size;
    while (kept < size && !StaleMarker.is(samples.values[kept])) {
      kept++;
    }
    for (int i = kept; i < size; i++) {
      if (!StaleMarker.is(samples.values[i])) {
        samples.copy(samples, i, kept++);
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
