// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.bench;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.ingest.collect.CollectSettings;
import io.skopos.ingest.collect.Collector;
import io.skopos.ingest.collect.config.CollectConfig;
import io.skopos.ingest.collect.stage.StageParser;
import io.skopos.logs.LogsConfig;
import io.skopos.logs.store.LogBatch;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Batch;
import io.skopos.storage.Deletion;
import io.skopos.storage.Intake;
import io.skopos.storage.disk.RealDisk;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a backlog of lines and measures how fast the collector reads it with its defaults: into a
 * sink that only counts, or, when a command is given, in a server of its own.
 *
 * <pre>CollectTrial DIRECTORY MEGABYTES plain|cri|docker|regex|access [COMMAND...]</pre>
 *
 * CPU time is that of the whole process since it began to collect, compilation included.
 */
public final class CollectTrial {

  private static final Pattern STORED =
      Pattern.compile("(?m)^skopos_collect_entries_total\\{source=\"files\"\\} (\\S+)");

  private static final String PORT = "4955";
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private CollectTrial() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createDirectories(Path.of(arguments[0])).toAbsolutePath();
    String kind = arguments[2];
    Path file = directory.resolve(kind + ".log");
    long lines = write(file, Long.parseLong(arguments[1]) * 1_000_000, kind);
    double megabytes = Files.size(file) / 1e6;
    String config = config(file, kind);
    List<String> command = List.of(arguments).subList(3, arguments.length);
    double[] seconds =
        command.isEmpty()
            ? count(directory, config, lines)
            : serve(directory, config, lines, command);
    System.out.printf(
        Locale.ROOT,
        "%s: %d lines, %.0f MB in %.1f s, CPU %.1f s: %.0f MB/s, %.0f MB per CPU second%n",
        kind,
        lines,
        megabytes,
        seconds[0],
        seconds[1],
        megabytes / seconds[0],
        megabytes / seconds[1]);
  }

  private static String config(Path file, String kind) {
    String stages =
        switch (kind) {
          case "cri" -> "[{cri: {}}]";
          case "docker" -> "[{docker: {}}]";
          case "regex" ->
              "[{regex: {expression: '^(?P<time>\\S+) (?P<level>\\w+) (?P<rest>.*)$'}},"
                  + " {labels: {level: }}, {timestamp: {source: time, format: RFC3339}}]";
          case "access" ->
              "[{regex: {expression: '^(?P<address>[\\w\\.]+) - (?P<user>[^ ]*) \\[(?P<time>.*)\\]"
                  + " \"(?P<method>[^ ]*) (?P<path>[^ ]*) (?P<protocol>[^ ]*)\""
                  + " (?P<status>[\\d]+) (?P<bytes>[\\d]+)'}}, {labels: {method: , status: }},"
                  + " {timestamp: {source: time, format: '02/Jan/2006:15:04:05 -0700'}}]";
          default -> "[]";
        };
    return """
    collect:
      scrape_configs:
        - job_name: trial
          static_configs: [{targets: [localhost], labels: {job: trial, __path__: '%s'}}]
          pipeline_stages: %s
    """
        .formatted(file, stages);
  }

  /** Seconds of the clock and of CPU. */
  private static double[] count(Path directory, String config, long lines) throws Exception {
    Path state = Files.createTempDirectory(directory, "state");
    CountDownLatch all = new CountDownLatch(1);
    long wall = System.nanoTime();
    double cpu = cpuSeconds(ProcessHandle.current());
    try (Collector collector =
        new Collector(
            CollectSettings.defaults(),
            new TenantId("trial"),
            new Counting(new AtomicLong(), lines, all),
            _ -> LogsConfig.DEFAULT,
            new RealDisk(),
            state,
            InstantSource.system(),
            "trial",
            Thread.ofPlatform().daemon().factory(),
            new PrometheusRegistry())) {
      collector.apply(
          CollectConfig.parse(
              "trial",
              config,
              directory,
              List.of(),
              new StageParser(InstantSource.system(), System::nanoTime)));
      if (!all.await(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("not collected within " + LONGEST);
      }
      return new double[] {
        (System.nanoTime() - wall) / 1e9, cpuSeconds(ProcessHandle.current()) - cpu
      };
    }
  }

  private static double cpuSeconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }

  private static double[] serve(Path directory, String config, long lines, List<String> command)
      throws Exception {
    Path file = Files.writeString(directory.resolve("trial.yaml"), config);
    List<String> whole = new ArrayList<>(command);
    whole.addAll(
        List.of(
            "server",
            "--config",
            file.toString(),
            "--data",
            Files.createTempDirectory(directory, "data").toString(),
            "--listen",
            "127.0.0.1:" + PORT));
    long wall = System.nanoTime();
    Process process =
        new ProcessBuilder(whole)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("server.log").toFile())
            .start();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (stored(client) < lines) {
        if (!process.isAlive() || System.nanoTime() - wall > LONGEST.toNanos()) {
          throw new IOException("not collected, see " + directory.resolve("server.log"));
        }
        TimeUnit.MILLISECONDS.sleep(250);
      }
      return new double[] {(System.nanoTime() - wall) / 1e9, cpuSeconds(process.toHandle())};
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static double stored(HttpClient client) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + "/metrics")).build();
    try {
      Matcher found =
          STORED.matcher(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
      return found.find() ? Double.parseDouble(found.group(1)) : 0;
    } catch (IOException e) {
      // Not up yet.
      return 0;
    }
  }

  /** The number of lines. */
  private static long write(Path file, long bytes, String kind) throws IOException {
    DateTimeFormatter access =
        DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
    Random random = new Random(1);
    String[] levels = {"INFO", "WARN", "ERROR", "DEBUG"};
    long written = 0;
    long count = 0;
    long now = System.currentTimeMillis();
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (long ms = now - 3_600_000; written < bytes; count++) {
        ms = Math.min(now, ms + random.nextInt(2));
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
              case "access" ->
                  "10.1.%d.%d - - [%s] \"GET /api/v1/orders/%d HTTP/1.1\" 200 %d"
                      .formatted(
                          random.nextInt(256),
                          random.nextInt(256),
                          access.format(Instant.ofEpochMilli(ms)),
                          random.nextInt(100_000),
                          random.nextInt(100_000));
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
