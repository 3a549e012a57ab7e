// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import io.skopos.model.Fingerprint;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.memory.MemoryBudget;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds to find a known series by its label bytes, and to append a sample to it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DayHeadBenchmark {

  private static final int SERIES = 10_000;
  private static final int DAY = 19_675;

  private final Fingerprint fingerprint = new Fingerprint(1, 2);
  private final byte[][] labels = new byte[SERIES][];
  private final long[] hashes = new long[SERIES];
  private Heads heads = new Heads(1, new SlabPool(new MemoryBudget(4L << 30)));
  private DayHead head = heads.active(0, new TenantId("bench"), DAY);
  private long timeMs;
  private long position;

  @Setup
  public void fill() {
    for (int i = 0; i < SERIES; i++) {
      labels[i] =
          Labels.of("__name__", "m" + i % 50, "instance", "host-" + i, "job", "node")
              .canonicalBytes();
      hashes[i] = fingerprint.hash64(labels[i]);
    }
  }

  @Setup(Level.Iteration)
  public void begin() {
    heads = new Heads(1, new SlabPool(new MemoryBudget(4L << 30)));
    head = heads.active(0, new TenantId("bench"), DAY);
    timeMs = DAY * 86_400_000L;
    head.beginFrame(++position);
    for (int i = 0; i < SERIES; i++) {
      head.append(head.series(labels[i], 0, labels[i].length, hashes[i]), timeMs, i);
    }
    head.endFrame(timeMs, timeMs);
  }

  @TearDown(Level.Iteration)
  public void end() {
    heads.freeze(0, position);
  }

  @Benchmark
  @OperationsPerInvocation(SERIES)
  public int lookUp() {
    int sum = 0;
    for (int i = 0; i < SERIES; i++) {
      sum += head.series(labels[i], 0, labels[i].length, hashes[i]);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(SERIES)
  public long hashLookUpAndAppend() {
    // Days have room for a sample each 15 s; afterwards the times begin anew, as late samples.
    timeMs = DAY * 86_400_000L + (timeMs + 15_000) % 86_400_000L;
    head.beginFrame(++position);
    for (int i = 0; i < SERIES; i++) {
      int series = head.series(labels[i], 0, labels[i].length, fingerprint.hash64(labels[i]));
      head.append(series, timeMs, i + position % 7);
    }
    head.endFrame(timeMs, timeMs);
    return position;
  }
}
