// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

import io.skopos.engine.QueryBudget;
import io.skopos.logs.store.LogBatch;
import io.skopos.logs.store.StoreOnDisk;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What queries cost per line, in processor time of this thread. Not a test: run its {@code main},
 * with the number of lines and perhaps parts of the queries that are wanted.
 */
public final class QueryTiming {

  private static final long START = 1_790_000_000_000_000_000L;
  private static final long HOUR = 3_600_000_000_000L;
  private static final int PODS = 200;

  private static final List<String> QUERIES =
      List.of(
          "sum by (app) (count_over_time({cluster=\"c\"}[1m]))",
          "sum by (app) (count_over_time({cluster=\"c\"}[5m]))",
          "sum by (app) (rate({cluster=\"c\"} |= \"timeout\" [1m]))",
          "sum by (app) (bytes_over_time({cluster=\"c\"}[1m]))",
          "sum by (status) (count_over_time({cluster=\"c\"} | json [1m]))",
          "sum by (app) (count_over_time({cluster=\"c\"} | json | status >= 500 [1m]))",
          "quantile_over_time(0.99, {cluster=\"c\"} | json | unwrap took [1m]) by (app)",
          "sum by (trace) (count_over_time({cluster=\"c\"}[1m]))",
          "topk(10, sum by (pod) (count_over_time({cluster=\"c\"} | logfmt [1m])))");

  private QueryTiming() {}

  /** Lines, then what queries contain that are wanted. */
  public static void main(String[] args) throws Exception {
    int lines = Integer.parseInt(args[0]);
    Path folder = Files.createTempDirectory("logs-timing");
    try (StoreOnDisk store = new StoreOnDisk(folder)) {
      fill(store, lines);
      LogqlEngine engine = new LogqlEngine(store.store());
      for (String query : QUERIES) {
        if (args.length == 1 || query.contains(args[1])) {
          for (int i = 0; i < (args.length == 1 ? 3 : 12); i++) {
            time(engine, query);
          }
        }
      }
      for (String query : List.of("{cluster=\"c\"}", "{cluster=\"c\"} |= \"timeout\" | json")) {
        if (args.length == 1 || query.contains(args[1])) {
          for (int i = 0; i < 3; i++) {
            timeEntries(engine, query);
          }
        }
      }
    }
  }

  private static void fill(StoreOnDisk store, int lines) throws Exception {
    Random random = new Random(1);
    Labels[] streams = new Labels[PODS];
    for (int i = 0; i < PODS; i++) {
      streams[i] = Labels.of("cluster", "c", "app", "app" + i % 20, "pod", "pod" + i);
    }
    LogBatch batch = new LogBatch();
    for (int i = 0; i < lines; i++) {
      int pod = random.nextInt(PODS);
      String line =
          "{\"level\":\"%s\",\"status\":%d,\"took\":%d.%d,\"path\":\"/api/orders/%d\",\"msg\":\"%s\"}"
              .formatted(
                  random.nextInt(20) == 0 ? "error" : "info",
                  random.nextInt(30) == 0 ? 500 + random.nextInt(4) : 200,
                  random.nextInt(2000),
                  random.nextInt(10),
                  random.nextInt(100_000),
                  random.nextInt(100) == 0 ? "timeout of the upstream" : "request was served");
      batch.entry(batch.stream(streams[pod]), START + HOUR / lines * i, line);
      if (batch.rows() == 20_000) {
        store.append(TenantId.ANONYMOUS, batch);
        batch = new LogBatch();
      }
    }
    if (batch.rows() > 0) {
      store.append(TenantId.ANONYMOUS, batch);
    }
    store.flush();
  }

  private static void time(LogqlEngine engine, String text) throws Exception {
    LogqlQuery query = LogqlQuery.parse(text);
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    MetricOutcome outcome =
        engine.range(
            TenantId.ANONYMOUS,
            query,
            START,
            START + HOUR,
            60_000,
            QueryLimits.UNLIMITED,
            QueryBudget.unlimited());
    report(before, text, outcome.statistics());
  }

  private static void timeEntries(LogqlEngine engine, String text) throws Exception {
    EntriesRequest request = new EntriesRequest(START, START + HOUR, 1000, Direction.BACKWARD, 0);
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    EntriesOutcome outcome =
        engine.entries(
            TenantId.ANONYMOUS, LogqlQuery.parse(text), request, QueryBudget.unlimited());
    report(before, text, outcome.statistics());
  }

  private static void report(long before, String text, QueryStatistics statistics) {
    long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    System.out.printf(
        Locale.ROOT,
        "%8.1f ms %7.1f ns/line  %9d lines %9d kept  %s%n",
        nanos / 1e6,
        (double) nanos / Math.max(1, statistics.lines()),
        statistics.lines(),
        statistics.linesKept(),
        text);
  }
}
