// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.bench;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sixteen dashboards against a running server: alone, beside monstrous queries, beside ingest at
 * full pace, beside both. {@code java -cp benchmarks.jar io.skopos.bench.DashboardLoad URL
 * END_SECONDS [seconds]}; the data are those of the comparison's bench, END_SECONDS their end.
 */
final class DashboardLoad {

  private static final int DASHBOARDS = 16;
  private static final int MONSTERS = 2;
  private static final int WRITERS = 2;

  private static final List<String> PANELS =
      List.of(
          "node_load1{instance=\"host-%1$04d:9100\"}",
          "rate(node_network_receive_bytes_total{instance=\"host-%1$04d:9100\"}[5m])",
          "sum by (mode) (rate(node_cpu_seconds_total{instance=\"host-%1$04d:9100\"}[5m]))",
          "max by (hostname) (cpu_usage_user{hostname=~\"host_[0-7]\"})");

  private static final String MONSTER =
      "sum by (instance, cpu, mode) (quantile_over_time(0.9, node_cpu_seconds_total[15m]))";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final long endSeconds;
  private final long nanos;

  private DashboardLoad(String url, long endSeconds, int seconds) {
    this.url = url;
    this.endSeconds = endSeconds;
    this.nanos = seconds * 1_000_000_000L;
  }

  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
    DashboardLoad load = new DashboardLoad(arguments[0], Long.parseLong(arguments[1]), seconds);
    load.phase("warm up", 0, 0);
    load.phase("dashboards alone", 0, 0);
    load.phase("beside " + MONSTERS + " monsters", MONSTERS, 0);
    load.phase("beside ingest", 0, WRITERS);
    load.phase("beside both", MONSTERS, WRITERS);
  }

  private void phase(String name, int monsters, int writers) throws Exception {
    ConcurrentLinkedQueue<Double> panels = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Double> heavy = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Double> writes = new ConcurrentLinkedQueue<>();
    long until = System.nanoTime() + nanos;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < DASHBOARDS; i++) {
        int dashboard = i;
        running.add(threads.submit(() -> repeat(until, panels, k -> panel(dashboard, k))));
      }
      for (int i = 0; i < monsters; i++) {
        running.add(threads.submit(() -> repeat(until, heavy, this::monster)));
      }
      for (int i = 0; i < writers; i++) {
        int writer = i;
        running.add(threads.submit(() -> repeat(until, writes, k -> write(writer, k))));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-22s panels %s%s%s%n",
        name,
        figures(panels),
        heavy.isEmpty() ? "" : "   monsters " + figures(heavy),
        writes.isEmpty() ? "" : "   writes of 5,000 samples " + figures(writes));
  }

  @FunctionalInterface
  private interface Question {
    HttpRequest ask(int k);
  }

  private Void repeat(long until, ConcurrentLinkedQueue<Double> millis, Question question)
      throws IOException, InterruptedException {
    for (int k = 0; System.nanoTime() - until < 0; k++) {
      long begin = System.nanoTime();
      HttpResponse<byte[]> answer =
          client.send(question.ask(k), HttpResponse.BodyHandlers.ofByteArray());
      millis.add((System.nanoTime() - begin) / 1e6);
      if (answer.statusCode() >= 300) {
        throw new IOException(
            answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8));
      }
    }
    return null;
  }

  private HttpRequest panel(int dashboard, int k) {
    String query = String.format(Locale.ROOT, PANELS.get(k % PANELS.size()), dashboard % 16);
    return range(query, endSeconds - 2700 - k % 300, endSeconds - k % 300, 30);
  }

  private HttpRequest monster(int k) {
    return range(MONSTER, endSeconds - 2700 - k, endSeconds - k, 15);
  }

  private HttpRequest range(String query, long start, long end, int step) {
    return HttpRequest.newBuilder(
            URI.create(
                url
                    + "/api/v1/query_range?query="
                    + URLEncoder.encode(query, StandardCharsets.UTF_8)
                    + "&start="
                    + start
                    + "&end="
                    + end
                    + "&step="
                    + step))
        .build();
  }

  private HttpRequest write(int writer, int k) {
    StringBuilder text = new StringBuilder(1 << 19);
    long time = System.currentTimeMillis();
    for (int i = 0; i < 5000; i++) {
      text.append("load_total{writer=\"").append(writer).append("\",i=\"").append(i).append("\"} ");
      text.append((long) k * i).append(' ').append(time).append('\n');
    }
    return HttpRequest.newBuilder(URI.create(url + "/api/v1/import/prometheus"))
        .POST(HttpRequest.BodyPublishers.ofString(text.toString()))
        .build();
  }

  private static String figures(ConcurrentLinkedQueue<Double> millis) {
    double[] sorted = millis.stream().mapToDouble(one -> one).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "%,d: p50 %.1f p95 %.1f p99 %.1f ms",
        sorted.length,
        at(sorted, 0.5),
        at(sorted, 0.95),
        at(sorted, 0.99));
  }

  private static double at(double[] sorted, double share) {
    return Arrays.stream(sorted).skip((long) (sorted.length * share)).findFirst().orElse(0);
  }
}
