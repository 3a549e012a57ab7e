// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

import io.skopos.engine.StepBlock;
import io.skopos.engine.StepGrid;
import io.skopos.engine.histogram.HistogramNotes;
import io.skopos.model.Labels;
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

/** Nanoseconds per point of a sum, average and the like over 1,000 series in 20 groups. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AccumulatorBenchmark {

  private static final int SERIES = 1000;
  private static final int STEPS = 60;
  private static final int GROUPS = 20;

  @Param({"SUM", "AVG", "MAX", "COUNT", "STDDEV"})
  Accumulator.Kind kind = Accumulator.Kind.SUM;

  private final StepGrid grid = new StepGrid(0, (STEPS - 1) * 15_000L, 15_000);
  private StepBlock block = StepBlock.empty(grid);

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    StepBlock.Builder builder = new StepBlock.Builder(grid, SERIES);
    for (int i = 0; i < SERIES; i++) {
      int series = builder.add(Labels.of("i", "" + i), false);
      for (int step = 0; step < STEPS; step++) {
        builder.set(series, step, random.nextDouble());
      }
    }
    block = builder.build();
  }

  @Benchmark
  @OperationsPerInvocation(SERIES * STEPS)
  public StepBlock aggregate() {
    Accumulator accumulator = Accumulator.of(kind, grid, HistogramNotes.NONE);
    for (int series = 0; series < SERIES; series++) {
      accumulator.add(series % GROUPS, block, series);
    }
    return accumulator.build(group -> Labels.of("group", "" + group));
  }
}
