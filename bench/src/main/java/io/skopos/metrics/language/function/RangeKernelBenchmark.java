// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepGrid;
import io.skopos.engine.StepRow;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds per step of a window of 5 minutes at 15 s that slides by 15 s. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RangeKernelBenchmark {

  private static final int STEPS = 240;
  private static final long RANGE_MS = 300_000;

  @Param({"rate", "increase", "sum_over_time", "max_over_time", "quantile_over_time", "deriv"})
  String function = "rate";

  private final SampleBuffer samples = new SampleBuffer(STEPS + 20);
  private final StepRow row = new StepRow(STEPS);
  private final Call call = new Call(new StepGrid(0, (STEPS - 1) * 15_000L, 15_000));
  private RangeKernel kernel = Objects.requireNonNull(FunctionLibrary.range("rate")).kernel(call);

  @Setup
  public void fill() {
    kernel = Objects.requireNonNull(FunctionLibrary.range(function)).kernel(call);
    SplittableRandom random = new SplittableRandom(1);
    double value = 0;
    for (int i = 0; i < STEPS + 20; i++) {
      value += random.nextInt(100);
      samples.add((i - 20) * 15_000L, value);
    }
  }

  @Benchmark
  @OperationsPerInvocation(STEPS)
  public StepRow slide() {
    row.clear();
    kernel.series(Labels.of("__name__", "requests_total"), samples);
    int from = 0;
    int to = 0;
    for (int step = 0; step < STEPS; step++) {
      long end = call.windowEndMs(step);
      while (samples.timesMs[from] <= end - RANGE_MS) {
        from++;
      }
      while (to < samples.size && samples.timesMs[to] <= end) {
        to++;
      }
      kernel.window(step, from, to, row);
    }
    return row;
  }

  private record Call(StepGrid grid) implements RangeCall, PositionedAnnotations {

    @Override
    public long rangeMs() {
      return RANGE_MS;
    }

    @Override
    public long windowEndMs(int step) {
      return grid.timeMs(step);
    }

    @Override
    public WindowEdge edge() {
      return WindowEdge.PLAIN;
    }

    @Override
    public double scalar(int argument, int step) {
      return 0.9; // a quantile's
    }

    @Override
    public int position(int argument) {
      return 0;
    }

    @Override
    public PositionedAnnotations annotations() {
      return this;
    }

    @Override
    public void warn(String text, int position) {
      throw new IllegalStateException(text);
    }

    @Override
    public void info(String text, int position) {
      throw new IllegalStateException(text);
    }
  }
}
