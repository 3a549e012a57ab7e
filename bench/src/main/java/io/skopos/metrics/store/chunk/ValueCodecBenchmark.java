// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import java.util.Arrays;
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

/** Nanoseconds per value, by the encoding that the trial chooses. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ValueCodecBenchmark {

  private static final int COUNT = 240;

  /** What the values are like; each ends in another encoding. */
  public enum Kind {
    CONSTANT,
    COUNTER,
    DECIMAL,
    RANDOM_BITS
  }

  @Param Kind kind = Kind.CONSTANT;

  private final double[] values = new double[COUNT];
  private final double[] decoded = new double[COUNT];
  private final ByteWriter out = new ByteWriter(16 * COUNT);
  private final ValueEncoder encoder = new ValueEncoder();
  private final ValueDecoder decoder = new ValueDecoder();
  private byte[] encoded = new byte[0];

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < COUNT; i++) {
      values[i] =
          switch (kind) {
            case CONSTANT -> 42;
            case COUNTER -> (i == 0 ? 0 : values[i - 1]) + random.nextInt(200);
            case DECIMAL -> random.nextInt(100_000) / 100.0;
            case RANDOM_BITS -> random.nextDouble();
          };
    }
    encoder.encode(values, 0, COUNT, out);
    encoded = Arrays.copyOf(out.bytes, out.size);
  }

  @Benchmark
  @OperationsPerInvocation(COUNT)
  public ByteWriter encode() {
    out.clear();
    encoder.encode(values, 0, COUNT, out);
    return out;
  }

  @Benchmark
  @OperationsPerInvocation(COUNT)
  public double[] decode() {
    decoder.decode(new ByteReader(encoded, 0, encoded.length), COUNT, 0, COUNT, decoded, 0);
    return decoded;
  }
}
