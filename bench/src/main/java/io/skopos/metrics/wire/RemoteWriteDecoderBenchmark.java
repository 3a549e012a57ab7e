// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.testkit.process.RemoteWriteRequest;
import io.skopos.web.wire.MalformedMessage;
import java.util.Map;
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

/** Nanoseconds per series of a remote write request as Prometheus sends it: one sample each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RemoteWriteDecoderBenchmark {

  private static final int SERIES = 2000;
  private static final long NOW = 1_700_000_000_000L;

  private final RemoteWriteDecoder decoder = new RemoteWriteDecoder();
  private final SampleBatch batch = new SampleBatch();
  private byte[] message = new byte[0];

  @Setup
  public void fill() {
    RemoteWriteRequest request = new RemoteWriteRequest();
    for (int i = 0; i < SERIES; i++) {
      request.series(
          Map.of(
              "__name__",
              "http_requests_" + i % 50 + "_total",
              "code",
              i % 2 == 0 ? "200" : "500",
              "instance",
              "10.0.0." + i / 50 + ":9100",
              "job",
              "api"),
          new long[] {NOW + i},
          new double[] {i * 1.5});
    }
    message = request.toProtobuf();
  }

  @Benchmark
  @OperationsPerInvocation(SERIES)
  public WriteReport decode() throws MalformedMessage {
    batch.clear();
    return decoder.decode(message, message.length, NOW, batch);
  }
}
