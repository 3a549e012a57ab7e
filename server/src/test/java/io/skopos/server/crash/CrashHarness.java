// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.crash;

import io.skopos.server.bucket.FaultyBucket;
import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.SkoposProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Kills a server under mixed load at random moments, starts it again on the same data, and asks for
 * everything that was acknowledged. Run long by hand: {@code CrashHarness ROUNDS [SEED [bucket]]}.
 */
public final class CrashHarness {

  /** After so many kills a new data directory is begun: each start asks for everything. */
  private static final int ROUNDS_OF_A_DIRECTORY = 40;

  private final Path work;
  private final SplittableRandom random;
  private final long seed;
  private final @Nullable FaultyBucket bucket;
  private int rounds;
  private long acknowledged;
  private long lines;
  private int refusals;
  private int deletions;
  private long answered;
  private Duration slowest = Duration.ZERO;

  /**
   * @param bucket where parts go, failing now and then while the load runs; null for none
   */
  CrashHarness(Path work, long seed, @Nullable FaultyBucket bucket) {
    this.work = work;
    this.seed = seed;
    this.bucket = bucket;
    this.random = new SplittableRandom(seed);
  }

  /** What a run did. */
  record Report(
      int rounds,
      long samplesAcknowledged,
      long linesAcknowledged,
      int refusals,
      int deletions,
      long questions,
      Duration slowestStart) {}

  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments[0]);
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    Path work = Files.createTempDirectory("skopos-crash");
    if (arguments.length < 3) {
      System.out.println(new CrashHarness(work, seed, null).run(rounds));
      return;
    }
    try (FaultyBucket bucket = FaultyBucket.start()) {
      System.out.println(new CrashHarness(work, seed, bucket).run(rounds));
    }
  }

  Report run(int wanted) throws IOException, InterruptedException {
    System.out.println("crash harness: seed " + seed + ", " + wanted + " rounds in " + work);
    while (rounds < wanted) {
      Path own = Files.createDirectory(work.resolve("from-round-" + rounds));
      run(own, Math.min(wanted - rounds, ROUNDS_OF_A_DIRECTORY));
      delete(own);
      System.out.println(report());
    }
    return report();
  }

  private Report report() {
    return new Report(rounds, acknowledged, lines, refusals, deletions, answered, slowest);
  }

  private void run(Path directory, int kills) throws IOException, InterruptedException {
    long startMs = Instant.now().toEpochMilli() - 86_400_000L;
    List<CrashWriter> writers = new ArrayList<>();
    for (CrashWriter.Pattern pattern : CrashWriter.Pattern.values()) {
      String name = pattern.name().toLowerCase(Locale.ROOT);
      writers.add(new CrashWriter(name, pattern, startMs, random.split()));
    }
    DeletionLoad deleted = new DeletionLoad(startMs);
    QuestionLoad questions = new QuestionLoad(writers, random.split());
    List<CrashLoad> loads = new ArrayList<>(writers);
    loads.add(new HistogramLoad(startMs));
    loads.add(deleted);
    loads.add(new RetentionLoad());
    loads.add(new EventLoad());
    LogLoad logs = new LogLoad(startMs, random.split());
    loads.add(logs);
    loads.add(new RatesLoad(random.split()));
    loads.add(questions);
    Path config = directory.resolve("skopos.yml");
    Files.writeString(
        config, "storage: {retention: {interval: 1s, rules: [" + RetentionLoad.RULE + "]}}\n");
    List<String> more = bucket == null ? List.of() : bucket.arguments();
    for (int kill = 0; kill <= kills; kill++) {
      if (bucket != null) {
        bucket.calm();
      }
      long began = System.nanoTime();
      try (SkoposProcess server = start(directory, config, more)) {
        server.awaitReady();
        Duration start = Duration.ofNanos(System.nanoTime() - began);
        slowest = start.compareTo(slowest) > 0 ? start : slowest;
        verify(server.api(), loads, directory);
        if (kill < kills) {
          if (bucket != null) {
            bucket.disturb(random);
          }
          work(server, loads);
          rounds++;
        }
      }
    }
    for (CrashWriter writer : writers) {
      acknowledged += writer.acknowledged() * (long) CrashWriter.SERIES;
      refusals += writer.refusals();
    }
    lines += logs.linesAcknowledged();
    deletions += deleted.done();
    answered += questions.answered();
  }

  /** Small limits, so that segments roll and heads are flushed within a round. */
  private static SkoposProcess start(Path directory, Path config, List<String> more)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--config",
                config.toString(),
                "--set",
                "storage.log.segment_size=1MiB",
                "--set",
                "storage.flush.log_size=4MiB",
                "--set",
                "storage.flush.log_entries=128KiB",
                "--set",
                "storage.compaction.interval=1s",
                "--set",
                "query.admin_api=true",
                "--set",
                "host_metrics.enabled=false",
                "--set",
                RatesLoad.INTERVAL));
    arguments.addAll(more);
    return SkoposProcess.start(directory, arguments.toArray(String[]::new));
  }

  private void verify(PrometheusApi api, List<CrashLoad> loads, Path directory)
      throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>();
    for (CrashLoad load : loads) {
      faults.addAll(load.verify(api));
    }
    if (!faults.isEmpty()) {
      throw new AssertionError(
          "seed "
              + seed
              + ", round "
              + rounds
              + ", data kept in "
              + directory
              + ":\n"
              + String.join("\n", faults.subList(0, Math.min(20, faults.size())))
              + "\n("
              + faults.size()
              + " faults)");
    }
  }

  /** All loads side by side, until the kill. */
  private void work(SkoposProcess server, List<CrashLoad> loads) throws InterruptedException {
    PrometheusApi api = server.api();
    AtomicBoolean killed = new AtomicBoolean();
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (CrashLoad load : loads) {
      threads.add(
          Thread.ofPlatform()
              .name(load.getClass().getSimpleName())
              .start(() -> work(load, api, killed, failures)));
    }
    disturb(api, TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(1000)));
    killed.set(true);
    server.process().kill();
    for (Thread thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new AssertionError(
          "seed " + seed + ", round " + rounds + ", while working", failures.peek());
    }
  }

  private static void work(
      CrashLoad load, PrometheusApi api, AtomicBoolean killed, Queue<Throwable> failures) {
    try {
      while (!killed.get()) {
        load.step(api);
      }
    } catch (IOException e) {
      if (!killed.get()) {
        failures.add(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (AssertionError | RuntimeException e) {
      failures.add(e);
    }
  }

  /** Until the kill: flushes and the rewriting of parts with deleted rows, now and then. */
  private void disturb(PrometheusApi api, long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      int choice = random.nextInt(6);
      if (choice < 3) {
        String path = choice < 2 ? "/-/flush" : "/api/v1/admin/tsdb/clean_tombstones";
        Thread asking = Thread.ofPlatform().daemon().start(() -> post(api, path));
        asking.join(Duration.ofNanos(Math.max(1, Math.min(end - System.nanoTime(), 200_000_000L))));
      } else {
        TimeUnit.NANOSECONDS.sleep(Math.max(1, Math.min(end - System.nanoTime(), 100_000_000L)));
      }
    }
  }

  private static void post(PrometheusApi api, String path) {
    try {
      api.post(path, "text/plain", new byte[0]);
    } catch (IOException e) {
      // Killed meanwhile.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
