// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.answer;

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

/** Nanoseconds to write a number as JSON, as bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class NumberBytesBenchmark {

  private static final int COUNT = 1024;

  /** What the numbers are like. */
  public enum Kind {
    INTEGER,
    DECIMAL,
    ANY
  }

  @Param Kind kind = Kind.INTEGER;

  private final NumberBytes numbers = new NumberBytes();
  private final double[] values = new double[COUNT];

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < COUNT; i++) {
      values[i] =
          switch (kind) {
            case INTEGER -> random.nextInt(1_000_000);
            case DECIMAL -> random.nextInt(1_000_000) / 1000.0;
            case ANY -> random.nextGaussian();
          };
    }
  }

  @Benchmark
  @OperationsPerInvocation(COUNT)
  public int write() {
    int bytes = 0;
    for (double value : values) {
      bytes += numbers.writeValue(value);
    }
    return bytes;
  }
}
