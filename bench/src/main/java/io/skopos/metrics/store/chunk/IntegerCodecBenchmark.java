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

/**
 * Nanoseconds per value of a column of times: of a steady scrape, of one with jitter, of any times.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class IntegerCodecBenchmark {

  private static final int COUNT = 240;

  @Param({"0", "20", "100000"})
  int jitterMs;

  private final long[] times = new long[COUNT];
  private final long[] decoded = new long[COUNT];
  private final ByteWriter out = new ByteWriter(16 * COUNT);
  private final IntegerEncoder encoder = new IntegerEncoder();
  private byte[] encoded = new byte[0];

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < COUNT; i++) {
      times[i] = 1_700_000_000_000L + i * 15_000L + (jitterMs == 0 ? 0 : random.nextInt(jitterMs));
    }
    encoder.encode(times, 0, COUNT, out);
    encoded = Arrays.copyOf(out.bytes, out.size);
  }

  @Benchmark
  @OperationsPerInvocation(COUNT)
  public ByteWriter encode() {
    out.clear();
    encoder.encode(times, 0, COUNT, out);
    return out;
  }

  @Benchmark
  @OperationsPerInvocation(COUNT)
  public long decode() {
    return IntegerDecoder.decode(new ByteReader(encoded, 0, encoded.length), COUNT, COUNT, decoded);
  }
}
