// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.crash;

import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.SkoposProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Kills a server under load at random moments, starts it again on the same data, and asks for every
 * sample. Run long by hand: {@code CrashHarness ROUNDS [SEED]}.
 */
public final class CrashHarness {

  private final Path work;
  private final SplittableRandom random;
  private final long seed;

  CrashHarness(Path work, long seed) {
    this.work = work;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  /** What a run did. */
  record Report(int rounds, long samplesAcknowledged, int refusals, Duration slowestStart) {}

  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments[0]);
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    Path work = Files.createTempDirectory("skopos-crash");
    System.out.println(new CrashHarness(work, seed).run(rounds));
  }

  Report run(int rounds) throws IOException, InterruptedException {
    System.out.println("crash harness: seed " + seed + ", " + rounds + " rounds in " + work);
    long startMs = Instant.now().toEpochMilli() - 86_400_000L;
    List<CrashWriter> writers = new ArrayList<>();
    for (CrashWriter.Pattern pattern : CrashWriter.Pattern.values()) {
      writers.add(
          new CrashWriter(
              pattern.name().toLowerCase(java.util.Locale.ROOT),
              pattern,
              new PrometheusApi("http://127.0.0.1:1", null),
              startMs,
              new SplittableRandom(random.nextLong())));
    }
    CrashMarks marks = new CrashMarks(startMs);
    int refusals = 0;
    Duration slowest = Duration.ZERO;
    for (int round = 0; round <= rounds; round++) {
      long began = System.nanoTime();
      // Small limits, so that segments roll and heads are flushed within a round.
      try (SkoposProcess server =
          SkoposProcess.start(
              work,
              "--set",
              "storage.log.segment_size=1MiB",
              "--set",
              "storage.flush.log_size=4MiB",
              "--set",
              "storage.compaction.interval=1s",
              "--set",
              "query.admin_api=true",
              "--set",
              "host_metrics.enabled=false")) {
        server.awaitReady();
        Duration start = Duration.ofNanos(System.nanoTime() - began);
        slowest = start.compareTo(slowest) > 0 ? start : slowest;
        PrometheusApi api = server.api();
        List<String> faults = new ArrayList<>();
        for (CrashWriter writer : writers) {
          faults.addAll(writer.verify(api));
        }
        faults.addAll(marks.verify(api));
        if (!faults.isEmpty()) {
          throw new AssertionError(
              "seed "
                  + seed
                  + ", round "
                  + round
                  + ", data kept in "
                  + work
                  + ":\n"
                  + String.join("\n", faults.subList(0, Math.min(20, faults.size())))
                  + "\n("
                  + faults.size()
                  + " faults)");
        }
        if (round == rounds) {
          break;
        }
        List<CrashWriter> running = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (CrashWriter writer : writers) {
          CrashWriter next = writer.continued(api);
          running.add(next);
          threads.add(Thread.ofPlatform().name("writer").start(next));
        }
        marks.leave(api, round);
        disturb(api, TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(1200)));
        server.process().kill();
        for (CrashWriter writer : running) {
          writer.stop();
        }
        for (Thread thread : threads) {
          thread.join();
        }
        for (CrashWriter writer : running) {
          refusals += writer.refusals();
        }
        writers = running;
      }
    }
    long acknowledged = 0;
    for (CrashWriter writer : writers) {
      acknowledged += writer.acknowledged() * 20L;
    }
    return new Report(rounds, acknowledged, refusals, slowest);
  }

  /** Until the kill: flushes now and then, beside the writers. */
  private void disturb(PrometheusApi api, long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      if (random.nextInt(3) == 0) {
        Thread flusher =
            Thread.ofPlatform()
                .daemon()
                .start(() -> {
                  try {
                    api.post("/-/flush", "text/plain", new byte[0]);
                  } catch (IOException e) {
                    // Killed meanwhile.
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
        flusher.join(
            Duration.ofNanos(Math.max(1, Math.min(end - System.nanoTime(), 200_000_000L))));
      } else {
        TimeUnit.NANOSECONDS.sleep(Math.max(1, Math.min(end - System.nanoTime(), 100_000_000L)));
      }
    }
  }
}
