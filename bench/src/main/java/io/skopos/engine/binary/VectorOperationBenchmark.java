// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.binary;

import io.skopos.engine.QueryBudget;
import io.skopos.engine.StepBlock;
import io.skopos.engine.StepGrid;
import io.skopos.engine.binary.VectorMatching.Cardinality;
import io.skopos.model.Labels;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds per point of a / on (pod) b over 1,000 pairs of series. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class VectorOperationBenchmark {

  private static final int SERIES = 1000;
  private static final int STEPS = 60;

  private static final VectorMatching ON_POD =
      new VectorMatching(Cardinality.ONE_TO_ONE, true, List.of("pod"), List.of(), null, null);

  private final StepGrid grid = new StepGrid(0, (STEPS - 1) * 15_000L, 15_000);
  private StepBlock left = StepBlock.empty(grid);
  private StepBlock right = StepBlock.empty(grid);

  @Setup
  public void fill() {
    left = block("left", 1);
    right = block("right", 2);
  }

  private StepBlock block(String name, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    StepBlock.Builder builder = new StepBlock.Builder(grid, SERIES);
    for (int i = 0; i < SERIES; i++) {
      int series =
          builder.add(Labels.of("__name__", name, "pod", "pod-" + i, "zone", "z" + seed), false);
      for (int step = 0; step < STEPS; step++) {
        builder.set(series, step, random.nextDouble());
      }
    }
    return builder.build();
  }

  @Benchmark
  @OperationsPerInvocation(SERIES * STEPS)
  public StepBlock divide() {
    return VectorOperation.apply(
        BinaryOperator.DIV,
        left,
        right,
        ON_POD,
        false,
        OperatorNotes.NONE,
        QueryBudget.unlimited());
  }
}
