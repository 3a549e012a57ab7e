// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import java.util.List;
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

/** Nanoseconds per series on the way into frames, and out of them in a replay. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FrameBenchmark {

  private static final int SERIES = 2000;

  private final Sharding sharding = new Sharding(16, 1, 2);
  private final TenantId tenant = new TenantId("bench");
  private final SampleBatch batch = new SampleBatch();
  private List<Frame> frames = List.of();
  private long newTenants;

  @Setup
  public void fill() {
    for (int i = 0; i < SERIES; i++) {
      batch.series(
          Labels.of(
              "__name__", "node_subsystem_metric_" + i % 500 / 8 + "_seconds_total",
              "device", "nvme" + i % 8 + "n1",
              "instance", "host-" + i / 500 + ".eu-west-1.example.com:9100",
              "job", "integrations/node_exporter"));
      batch.sample(1_700_000_000_000L, i * 1.5);
    }
    frames = batch.toFrames(tenant, sharding);
  }

  /** Series that came one after the other before, as those of a scrape. */
  @Benchmark
  @OperationsPerInvocation(SERIES)
  public List<Frame> encodeKnown() {
    return batch.toFrames(tenant, sharding);
  }

  /** For a tenant that has sent nothing yet. */
  @Benchmark
  @OperationsPerInvocation(SERIES)
  public List<Frame> encodeNew() {
    return batch.toFrames(new TenantId("bench-" + newTenants++), sharding);
  }

  @Benchmark
  @OperationsPerInvocation(SERIES)
  public int decode() {
    int rows = 0;
    for (Frame frame : frames) {
      rows += FrameDecoder.decode(frame.payload(), frame.payloadLength()).count();
    }
    return rows;
  }
}
