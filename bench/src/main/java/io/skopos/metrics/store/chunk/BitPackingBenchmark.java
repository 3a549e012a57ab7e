// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
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

/** Nanoseconds per value. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BitPackingBenchmark {

  private static final int COUNT = 1024;

  @Param({"3", "11", "33", "60"})
  int width;

  private final long[] values = new long[COUNT];
  private final long[] unpacked = new long[COUNT];
  private final ByteWriter out = new ByteWriter(16 * COUNT);
  private ByteReader packed = new ByteReader(new byte[0], 0, 0);

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < COUNT; i++) {
      values[i] = random.nextLong() >>> (64 - width);
    }
    BitPacking.pack(values, COUNT, width, out);
    packed = new ByteReader(java.util.Arrays.copyOf(out.bytes, out.size), 0, out.size);
  }

  @Benchmark
  @OperationsPerInvocation(COUNT)
  public ByteWriter pack() {
    out.clear();
    BitPacking.pack(values, COUNT, width, out);
    return out;
  }

  @Benchmark
  @OperationsPerInvocation(COUNT)
  public long[] unpack() {
    BitPacking.unpack(packed, COUNT, width, unpacked, 0);
    return unpacked;
  }
}
