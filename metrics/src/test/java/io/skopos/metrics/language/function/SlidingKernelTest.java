// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skopos.engine.StepGrid;
import io.skopos.engine.StepRow;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels that slide answer as if every window stood alone. */
class SlidingKernelTest {

  private static final List<String> FUNCTIONS =
      List.of(
          "rate",
          "increase",
          "delta",
          "irate",
          "idelta",
          "changes",
          "resets",
          "sum_over_time",
          "avg_over_time",
          "min_over_time",
          "max_over_time",
          "ts_of_min_over_time",
          "ts_of_max_over_time",
          "count_over_time",
          "stddev_over_time",
          "deriv",
          "mad_over_time");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void slidingWindowsAnswerAsLoneOnes(long seed) {
    Random random = new Random(seed);
    int size = 1 + random.nextInt(400);
    long[] timesMs = new long[size + 5];
    double[] values = new double[size + 5];
    fill(random, timesMs, values, size);
    int steps = 120;
    long range = 1 + random.nextLong(60_000);
    for (String function : FUNCTIONS) {
      Call call = new Call(new StepGrid(0, 119_000, 1000), range);
      RangeKernel sliding = kernel(function, call);
      // A first series must leave nothing behind.
      run(sliding, call, timesMs, values, size / 2, steps, new StepRow(steps));
      StepRow row = new StepRow(steps);
      run(sliding, call, timesMs, values, size, steps, row);
      for (int step = 0; step < steps; step++) {
        String where = function + " seed " + seed + " step " + step;
        StepRow alone = new StepRow(steps);
        runOne(kernel(function, call), call, timesMs, values, size, step, alone);
        assertThat(row.present(step)).as(where).isEqualTo(alone.present(step));
        if (row.present(step)) {
          assertSame(where, row.value(step), alone.value(step));
        }
      }
    }
  }

  @Test
  void sumsKeepDigitsThatSubtractionWouldLose() {
    double[] values = {1, 1e16, -1e16, 1e-16, 3, 1e15, 0.1};
    long[] timesMs = {1000, 2000, 3000, 4000, 5000, 6000, 7000};
    Call call = new Call(new StepGrid(3000, 7000, 1000), 3000);
    StepRow row = new StepRow(5);
    run(kernel("sum_over_time", call), call, timesMs, values, 7, 5, row);
    assertThat(row.value(0)).isEqualTo(1);
    assertThat(row.value(1)).isEqualTo(1e-16);
    assertThat(row.value(2)).isEqualTo(-1e16 + 3);
    assertThat(row.value(3)).isEqualTo(1e15 + 3);
    assertThat(row.value(4)).isEqualTo(1e15 + 3.1);
  }

  @Test
  void averagesOfHugeValuesDoNotOverflow() {
    double huge = Double.MAX_VALUE;
    Call call = new Call(new StepGrid(3000, 3000, 1), 3000);
    StepRow row = new StepRow(1);
    long[] timesMs = {1000, 2000, 3000};
    run(kernel("avg_over_time", call), call, timesMs, new double[] {huge, huge, huge}, 3, 1, row);
    assertThat(row.value(0)).isEqualTo(huge, within(huge * 1e-15));
  }

  private static void fill(Random random, long[] timesMs, double[] values, int size) {
    boolean counter = random.nextBoolean();
    boolean holes = random.nextBoolean();
    double value = 0;
    long time = -5000;
    for (int i = 0; i < size; i++) {
      time += 1 + random.nextInt(500);
      value = counter ? value + random.nextInt(5) : random.nextGaussian() * 100;
      if (counter && random.nextInt(20) == 0) {
        value = random.nextInt(3);
      }
      timesMs[i] = time;
      values[i] = holes && random.nextInt(15) == 0 ? Double.NaN : value;
    }
  }

  private static void assertSame(String where, double actual, double expected) {
    if (Double.isNaN(expected)) {
      assertThat(actual).as(where).isNaN();
    } else {
      assertThat(actual).as(where).isEqualTo(expected, within(1e-13 * Math.abs(expected)));
    }
  }

  private static RangeKernel kernel(String name, RangeCall call) {
    return Objects.requireNonNull(FunctionLibrary.range(name), name).kernel(call);
  }

  private static void run(
      RangeKernel kernel,
      Call call,
      long[] timesMs,
      double[] values,
      int size,
      int steps,
      StepRow row) {
    kernel.series(Labels.of("__name__", "x_total"), buffer(timesMs, values, size));
    for (int step = 0; step < steps; step++) {
      window(kernel, call, timesMs, size, step, row);
    }
  }

  private static void runOne(
      RangeKernel kernel,
      Call call,
      long[] timesMs,
      double[] values,
      int size,
      int step,
      StepRow row) {
    kernel.series(Labels.of("__name__", "x_total"), buffer(timesMs, values, size));
    window(kernel, call, timesMs, size, step, row);
  }

  private static SampleBuffer buffer(long[] timesMs, double[] values, int size) {
    SampleBuffer buffer = new SampleBuffer(0);
    buffer.timesMs = timesMs;
    buffer.values = values;
    buffer.size = size;
    return buffer;
  }

  private static void window(
      RangeKernel kernel, Call call, long[] timesMs, int size, int step, StepRow row) {
    long end = call.windowEndMs(step);
    int from = 0;
    while (from < size && timesMs[from] <= end - call.rangeMs()) {
      from++;
    }
    int to = from;
    while (to < size && timesMs[to] <= end) {
      to++;
    }
    if (from < to) {
      kernel.window(step, from, to, row);
    }
  }

  private record Call(StepGrid grid, long rangeMs) implements RangeCall, PositionedAnnotations {

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
      throw new IllegalArgumentException("no scalar arguments");
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
      throw new AssertionError(text);
    }

    @Override
    public void info(String text, int position) {
      throw new AssertionError(text);
    }
  }
}
