// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import io.skopos.logs.store.LogBatch;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Batch;
import io.skopos.storage.Deletion;
import io.skopos.storage.Intake;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures how fast a backlog is read, without a store behind it: directory, megabytes, and {@code
 * plain}, {@code cri}, {@code docker} or {@code stages}. CPU time is that of the whole process.
 */
final class BacklogTrial {

  private BacklogTrial() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    long bytes = Long.parseLong(arguments[1]) << 20;
    String kind = arguments[2];
    Path file = directory.resolve(kind + ".log");
    long lines = write(file, bytes, kind);
    String stages =
        switch (kind) {
          case "cri" -> "[{cri: {}}]";
          case "docker" -> "[{docker: {}}]";
          case "stages" -> "[{regex: {expression: '^\\S+ (?P<level>\\w+) '}}, {labels: {level: }}]";
          default -> "";
        };
    for (int run = 0; run < 3; run++) {
      Path state = Files.createTempDirectory(directory, "state");
      AtomicLong rows = new AtomicLong();
      CountDownLatch all = new CountDownLatch(1);
      long wall = System.nanoTime();
      long cpu = cpuNs();
      TailSettings settings = new TailSettings(10_000, 3000, 100, 100, 256 << 10, false, 16 << 20);
      try (Tailing _ =
          new Tailing(
              state,
              new Counting(rows, lines, all),
              settings,
              Tailing.job(file.toString(), stages))) {
        all.await();
        double seconds = (System.nanoTime() - wall) / 1e9;
        double cpuSeconds = (cpuNs() - cpu) / 1e9;
        System.out.printf(
            Locale.ROOT,
            "%s: %d lines, %.0f MB in %.2f s, CPU %.2f s: %.0f MB/s, %.0f MB per CPU second%n",
            kind,
            rows.get(),
            Files.size(file) / 1e6,
            seconds,
            cpuSeconds,
            Files.size(file) / 1e6 / seconds,
            Files.size(file) / 1e6 / cpuSeconds);
      }
    }
  }

  private static long cpuNs() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long write(Path file, long bytes, String kind) throws IOException {
    Random random = new Random(1);
    String[] levels = {"INFO", "WARN", "ERROR", "DEBUG"};
    long written = 0;
    long count = 0;
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (long ms = 1_714_557_600_000L; written < bytes; ms += random.nextInt(5), count++) {
        String time = Instant.ofEpochMilli(ms).toString();
        String text =
            levels[random.nextInt(4)]
                + " request "
                + Long.toHexString(random.nextLong())
                + " took "
                + random.nextInt(1000)
                + " ms for user "
                + random.nextInt(10_000)
                + " path=/api/v1/orders/"
                + random.nextInt(100_000);
        String line =
            switch (kind) {
              case "cri" -> time + " stdout F " + text;
              case "docker" ->
                  "{\"log\":\"" + text + "\\n\",\"stream\":\"stdout\",\"time\":\"" + time + "\"}";
              default -> time + " " + text;
            };
        out.write(line);
        out.write('\n');
        written += line.length() + 1;
      }
    }
    return count;
  }

  private record Counting(AtomicLong rows, long wanted, CountDownLatch all) implements Intake {

    @Override
    public CompletableFuture<Void> append(TenantId tenant, Batch batch) {
      if (rows.addAndGet(((LogBatch) batch).rows()) >= wanted) {
        all.countDown();
      }
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion) {
      throw new UnsupportedOperationException();
    }
  }
}
