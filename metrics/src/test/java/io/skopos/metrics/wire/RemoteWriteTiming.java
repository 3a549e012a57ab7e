// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.web.wire.MalformedMessage;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;

/**
 * Not a test: times the decoders of remote write, one thread, requests of 2,000 series with one
 * sample each, as Prometheus sends them. Run its {@code main} with the flags of the launcher;
 * argument: rounds (2000).
 */
final class RemoteWriteTiming {

  private static final int SERIES = 2000;
  private static final long NOW = 1_700_000_000_000L;

  /** CPU time: other work on the machine does not count. */
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private RemoteWriteTiming() {}

  private interface Decoder {
    WriteReport decode(byte[] message, int length, long nowMs, SampleBatch into)
        throws MalformedMessage;
  }

  public static void main(String[] args) throws MalformedMessage {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 2000;
    WriteRequests first = new WriteRequests();
    Write2Requests second = new Write2Requests();
    for (int i = 0; i < SERIES; i++) {
      String[] labels = {
        "__name__",
        "http_requests_" + i % 50 + "_total",
        "code",
        i % 2 == 0 ? "200" : "500",
        "instance",
        "10.0.0." + i / 50 + ":9100",
        "job",
        "api"
      };
      first.series(labels).sample(NOW + i, i * 1.5);
      second
          .series(labels)
          .with("samples", Write2Requests.sample(NOW + i, i * 1.5).with("start", NOW - 1000))
          .with("metadata", second.metadata(1, "Requests served.", ""));
    }
    for (int turn = 0; turn < 3; turn++) {
      time("1.0", new RemoteWriteDecoder()::decode, first.bytes(), rounds);
      time("2.0", new RemoteWrite2Decoder()::decode, second.bytes(), rounds);
    }
  }

  private static void time(String version, Decoder decoder, byte[] message, int rounds)
      throws MalformedMessage {
    SampleBatch batch = new SampleBatch();
    long began = THREADS.getCurrentThreadCpuTime();
    long samples = 0;
    for (int round = 0; round < rounds; round++) {
      batch.clear();
      samples += decoder.decode(message, message.length, NOW, batch).samples();
    }
    double nanos = THREADS.getCurrentThreadCpuTime() - began;
    System.out.printf(
        Locale.ROOT,
        "remote write %s: %d bytes, %.0f ns a sample%n",
        version,
        message.length,
        nanos / samples);
  }
}
