// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.skopos.server.ServerOptions;
import io.skopos.server.SkoposServer;
import io.skopos.server.cli.transfer.TrainingLines;
import io.skopos.server.cli.transfer.TrainingWrites;
import io.skopos.server.config.ConfigLoader;
import io.skopos.storage.BucketUse;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Starts a server on an empty directory, makes it do its main work once and stops it, so that the
 * JVM can record for its start-up cache what a server loads. The launcher runs it once after a
 * build.
 */
@Command(name = "train", hidden = true, description = "Records the start-up cache.")
final class TrainCommand implements Callable<Integer> {

  /** Of each kind of work that questions make. */
  private static final List<String> QUERIES =
      List.of(
          "node_load1{instance=\"host-3:9100\"}",
          "rate(node_cpu_seconds_total{instance=\"host-1:9100\",cpu=\"0\"}[5m])",
          "sum by (mode) (rate(node_cpu_seconds_total{instance=~\"host-.*\"}[5m]))",
          "max by (instance) (max_over_time(node_load1{instance=~\"host-[0-7]:9100\"}[1m]))",
          "avg by (instance) (avg_over_time(node_load1[10m]))",
          "histogram_quantile(0.9, sum by (le) (rate(request_seconds_bucket[5m])))",
          "topk(3, sum by (instance, cpu) (rate(node_cpu_seconds_total{mode!~\"idle|user\"}[5m])))",
          "1 - node_load1 / on (instance) node_memory_bytes",
          "avg by (zone) (quantile_over_time(0.9, node_load1[10m]))",
          "node_cpu_seconds_total",
          "count({job=~\".+\"})",
          "sum(count_over_time(node_cpu_seconds_total{mode=\"user\"}[10m]))");

  private static final List<String> LABEL_QUESTIONS =
      List.of(
          "/api/v1/labels?",
          "/api/v1/label/instance/values?",
          "/api/v1/label/cpu/values?match%5B%5D=node_cpu_seconds_total&",
          "/api/v1/series?match%5B%5D=node_cpu_seconds_total&");

  /** Of each kind of work that questions about log entries make. */
  private static final List<String> LOG_QUERIES =
      List.of(
          "{app=~\"app-.+\"} |= \"7f3e0c5a9b1d4e68a2c4f6b8d0e1f3a5\"",
          "{app=\"app-0\"} |~ \"HTTP/1.1. 50[0-9] \"",
          "{app=\"app-2\"} | json | status >= 500 | duration_ms > 250",
          "sum by (app) (count_over_time({pod=~\".+\"}[1m]))",
          "sum by (level) (rate({app=\"app-3\"} | json [5m]))",
          "sum by (app) (rate({pod=~\"training.*\"} |= \"error\" [5m]))",
          "{app=\"app-1\"}");

  /**
   * How long it is asked: until what is asked most is compiled, so that the cache has profiles of
   * it and a server need not make its own first.
   */
  private static final Duration ASKED_FOR = Duration.ofSeconds(12);

  private static final int STEP_SECONDS = 15;
  private static final int STEPS = 240;

  @Override
  public Integer call() throws Exception {
    Path directory = Files.createTempDirectory("skopos-train");
    Path data = directory.resolve("data");
    Path collected = TrainingLines.write(directory);
    try (SkoposServer server =
        SkoposServer.start(
            new ServerOptions(
                data,
                BucketUse.Mode.OWN,
                Map.of(),
                () -> ConfigLoader.load(collected, Map.of("web.listen", "127.0.0.1:0"))))) {
      server.awaitReady();
      exercise("http://127.0.0.1:" + server.port());
    } finally {
      delete(directory);
    }
    return 0;
  }

  private static void exercise(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      long end = System.currentTimeMillis() / 1000;
      long begin = end - (long) STEPS * STEP_SECONDS;
      for (int step = 0; step < STEPS; step += 16) {
        post(client, url + "/api/v1/import/prometheus", samples(begin, step, step + 16));
      }
      TrainingWrites.send(client, url + "/api/v1/write");
      TrainingLines.send(client, url + "/loki/api/v1/push");
      // Half of the time heads are asked, half of it parts.
      ask(client, url, begin, end);
      post(client, url + "/-/flush", "");
      ask(client, url, begin, end);
      get(client, url + "/metrics");
    }
  }

  private static void ask(HttpClient client, String url, long begin, long end)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + ASKED_FOR.toNanos() / 2;
    do {
      for (String query : QUERIES) {
        String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
        get(client, url + "/api/v1/query?query=" + encoded + "&time=" + end);
        String range = "&start=" + (end - 2700) + "&end=" + end + "&step=60";
        get(client, url + "/api/v1/query_range?query=" + encoded + range);
      }
      for (String query : LOG_QUERIES) {
        get(
            client,
            url
                + "/loki/api/v1/query_range?query="
                + URLEncoder.encode(query, StandardCharsets.UTF_8)
                + ("&start=" + (end - 2700) + "&end=" + end + "&step=60&limit=1000"));
      }
      get(client, url + "/loki/api/v1/label/app/values?start=" + begin + "&end=" + end);
      for (String question : LABEL_QUESTIONS) {
        get(client, url + question + "start=" + begin + "&end=" + end);
      }
    } while (System.nanoTime() - until < 0);
  }

  /** Some steps of some hosts' series, as text. */
  private static String samples(long beginSeconds, int from, int to) {
    StringBuilder text = new StringBuilder(1 << 16);
    for (int step = from; step < to; step++) {
      String end = " " + (beginSeconds + (long) step * STEP_SECONDS) * 1000 + '\n';
      for (int host = 0; host < 12; host++) {
        String target =
            "{job=\"node\",instance=\"host-" + host + ":9100\",zone=\"z" + host % 3 + '"';
        double load = (host * 37 + step * 13) % 100 / 10.0;
        text.append("node_load1").append(target).append("} ").append(load).append(end);
        text.append("node_memory_bytes").append(target).append("} 16777216000").append(end);
        for (int cpu = 0; cpu < 4; cpu++) {
          for (String mode : List.of("idle", "user", "system", "iowait")) {
            text.append("node_cpu_seconds_total").append(target);
            text.append(",cpu=\"").append(cpu).append("\",mode=\"").append(mode).append("\"} ");
            text.append((step * (mode.length() + cpu) * 100 + host) / 100.0).append(end);
          }
        }
        for (int bucket = 1; bucket <= 8; bucket++) {
          text.append("request_seconds_bucket").append(target);
          text.append(",le=\"").append(bucket == 8 ? "+Inf" : bucket / 4.0).append("\"} ");
          text.append(step * bucket + host).append(end);
        }
      }
    }
    return text.toString();
  }

  private static void get(HttpClient client, String url) throws IOException, InterruptedException {
    client.send(
        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding());
  }

  private static void post(HttpClient client, String url, String body)
      throws IOException, InterruptedException {
    client.send(
        HttpRequest.newBuilder(URI.create(url))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.discarding());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
