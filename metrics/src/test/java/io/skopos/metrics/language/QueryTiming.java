// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language;

import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryValue;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * What evaluation costs over samples that lie ready in arrays: CPU time and allocation of queries
 * like those of a dashboard over 200 hosts. Not a test; run {@code main}.
 */
final class QueryTiming {

  private static final int HOSTS = 200;
  private static final int POINTS = 120;
  private static final long START = 1_700_000_000_000L;
  private static final long END = START + 3_600_000L;
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private QueryTiming() {}

  public static void main(String[] args) throws Exception {
    PromqlEngine engine = new PromqlEngine(new ReadySamples());
    List<String> queries =
        List.of(
            "sum by (mode) (rate(cpu_seconds_total[5m]))",
            "histogram_quantile(0.99, sum by (handler, le) (rate(latency_bucket[5m])))",
            "avg by (zone) (quantile_over_time(0.9, memory_used[10m]))",
            "memory_used / memory_total",
            "max by (cpu) (cpu_seconds_total)",
            "cpu_seconds_total > 0",
            "count(cpu_seconds_total)",
            "topk(10, rate(cpu_seconds_total[5m]))");
    for (String query : queries) {
      for (boolean instant : new boolean[] {false, true}) {
        time(engine, query, instant);
      }
    }
  }

  private static void time(PromqlEngine engine, String query, boolean instant) throws Exception {
    long best = Long.MAX_VALUE;
    long allocated = 0;
    int series = 0;
    for (int i = 0; i < 40; i++) {
      long cpu = THREADS.getCurrentThreadCpuTime();
      long bytes = THREADS.getCurrentThreadAllocatedBytes();
      QueryOutcome outcome = ask(engine, query, instant);
      best = Math.min(best, THREADS.getCurrentThreadCpuTime() - cpu);
      allocated = THREADS.getCurrentThreadAllocatedBytes() - bytes;
      series =
          switch (outcome.value()) {
            case QueryValue.Matrix matrix -> matrix.series().size();
            case QueryValue.Vector vector -> vector.samples().size();
            case QueryValue.Scalar _, QueryValue.Text _ -> 1;
          };
    }
    System.out.printf(
        Locale.ROOT,
        "%7.2f ms %6.1f MB %6d series  %s %s%n",
        best / 1e6,
        allocated / 1e6,
        series,
        instant ? "instant" : "45m/60s",
        query);
  }

  private static QueryOutcome ask(PromqlEngine engine, String query, boolean instant)
      throws Exception {
    QueryBudget budget = QueryBudget.unlimited();
    return instant
        ? engine.instant(TenantId.ANONYMOUS, query, END, QueryOptions.DEFAULT, budget)
        : engine.range(
            TenantId.ANONYMOUS,
            query,
            END - 45 * 60_000L,
            END,
            60_000,
            QueryOptions.DEFAULT,
            budget);
  }

  /** Series by metric name; nothing is decoded, matched or merged. */
  private static final class ReadySamples implements SampleSource {

    private record Metric(List<Labels> labels, List<double[]> values) {}

    private final Map<String, Metric> metrics = new HashMap<>();
    private final long[] times = new long[POINTS];
    private final Random random = new Random(1);

    ReadySamples() {
      for (int i = 0; i < POINTS; i++) {
        times[i] = START + i * 30_000L;
      }
      for (int host = 0; host < HOSTS; host++) {
        for (int cpu = 0; cpu < 12; cpu++) {
          for (String mode : "idle iowait irq nice softirq steal system user".split(" ", -1)) {
            add(host, "cpu_seconds_total", "cpu", "" + cpu, "mode", mode);
          }
        }
        for (int handler = 0; handler < 6; handler++) {
          for (String le : ".005 .01 .025 .05 .1 .25 .5 1 2.5 5 10 +Inf".split(" ", -1)) {
            add(host, "latency_bucket", "handler", "/api/v" + handler, "le", le);
          }
        }
        add(host, "memory_used", "board", "0", "kind", "ecc");
        add(host, "memory_total", "board", "0", "kind", "ecc");
      }
    }

    private void add(int host, String name, String key, String value, String key2, String value2) {
      Metric metric =
          metrics.computeIfAbsent(name, _ -> new Metric(new ArrayList<>(), new ArrayList<>()));
      metric
          .labels()
          .add(
              Labels.of(
                  "__name__",
                  name,
                  key,
                  value,
                  key2,
                  value2,
                  "instance",
                  "host-" + host + ".dc1.example.com:9100",
                  "job",
                  "node",
                  "zone",
                  "eu-west-" + host % 3,
                  "cluster",
                  "prod-1",
                  "env",
                  "production"));
      double[] values = new double[POINTS];
      double total = random.nextInt(1000);
      for (int i = 0; i < POINTS; i++) {
        total += random.nextDouble() * 10;
        values[i] = total;
      }
      metric.values().add(values);
    }

    @Override
    public Selection select(
        TenantId tenant, List<Matcher> matchers, TimeRange range, QueryBudget budget) {
      Metric metric = metrics.get(matchers.getFirst().value());
      if (metric == null) {
        throw new IllegalArgumentException("no metric fits " + matchers);
      }
      return new Selection() {
        @Override
        public int size() {
          return metric.labels().size();
        }

        @Override
        public Labels labels(int index) {
          return metric.labels().get(index);
        }

        @Override
        public void read(int index, long fromMs, long toMs, SampleBuffer into) {
          int from = firstFrom(fromMs);
          int count = firstFrom(toMs + 1) - from;
          into.ensure(count);
          System.arraycopy(times, from, into.timesMs, into.size, count);
          System.arraycopy(metric.values().get(index), from, into.values, into.size, count);
          into.size += count;
        }

        @Override
        public void close() {
          // Nothing is pinned.
        }
      };
    }

    private int firstFrom(long timeMs) {
      int found = Arrays.binarySearch(times, timeMs);
      return found < 0 ? -found - 1 : found;
    }

    @Override
    public List<Labels> series(
        TenantId tenant,
        List<List<Matcher>> selectors,
        TimeRange range,
        int limit,
        QueryBudget budget) {
      return List.of();
    }

    @Override
    public List<String> labelNames(
        TenantId tenant,
        List<List<Matcher>> selectors,
        TimeRange range,
        int limit,
        QueryBudget budget) {
      return List.of();
    }

    @Override
    public List<String> labelValues(
        TenantId tenant,
        String name,
        List<List<Matcher>> selectors,
        TimeRange range,
        int limit,
        QueryBudget budget) {
      return List.of();
    }

    @Override
    public List<SeriesExemplars> exemplars(
        TenantId tenant,
        List<List<Matcher>> selectors,
        TimeRange range,
        int limit,
        QueryBudget budget) {
      return List.of();
    }

    @Override
    public Map<String, List<MetricMetadata>> metadata(
        TenantId tenant, String metric, int limit, int limitPerMetric) {
      return Map.of();
    }

    @Override
    public Cardinality cardinality(TenantId tenant, int limit) {
      return new Cardinality(0, 0, 0, 0, 0, List.of(), List.of(), List.of(), List.of());
    }
  }
}
