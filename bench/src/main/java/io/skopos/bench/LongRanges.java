// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.bench;

import com.sun.management.OperatingSystemMXBean;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryValue;
import io.skopos.metrics.language.PromqlEngine;
import io.skopos.metrics.language.QueryOptions;
import io.skopos.metrics.store.MetricsStore;
import io.skopos.metrics.store.SampleSource;
import io.skopos.metrics.store.part.MetricsPartWriter;
import io.skopos.model.Labels;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.Sharding;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.manifest.ManifestStore;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.pages.PageCache;
import io.skopos.storage.part.StoredParts;
import io.skopos.storage.publish.PendingDeletions;
import io.skopos.storage.publish.Publications;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Questions about a long range with hourly steps, answered from aggregates and sample by sample:
 * {@code java -cp benchmarks.jar io.skopos.bench.LongRanges [series] [days] [interval seconds]}.
 */
final class LongRanges {

  private static final TenantId TENANT = new TenantId("bench");
  private static final int FIRST_DAY = 20_000;
  private static final long DAY = 86_400_000;
  private static final Sharding SHARDING = new Sharding(4, 11, 12);
  private static final int ROUNDS = 3;

  private static final List<String> QUERIES =
      List.of(
          "sum(sum_over_time(x_total[1h]))",
          "avg by (kind) (avg_over_time(x_total[1h]))",
          "max by (kind) (max_over_time(x_total[1h]))",
          "sum by (kind) (rate(x_total[1h]))",
          "sum by (kind) (increase(x_total[1d]))",
          "sum(count_over_time(x_total[1h]))");

  private LongRanges() {}

  public static void main(String[] arguments) throws Exception {
    int series = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
    int days = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 90;
    int interval = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 15;
    Path directory = Files.createTempDirectory("long-ranges");
    PrometheusRegistry registry = new PrometheusRegistry();
    InstantSource clock = InstantSource.system();
    MemoryBudget budget = new MemoryBudget(1L << 30);
    DamagedFiles damaged = new DamagedFiles(clock, registry);
    DirectoryObjectStore objects =
        new DirectoryObjectStore(new RealDisk(), directory.resolve("objects"), registry);
    PageCache pages = new PageCache(768 << 20, budget, registry);
    StoredParts parts = new StoredParts(objects, pages, 64 << 20, budget, damaged, clock, registry);
    ManifestStore manifests =
        new ManifestStore(
            objects, 1, SHARDING.shardCount(), parts.found(), budget, damaged, clock, registry);
    Publications publications =
        new Publications(
            manifests, manifests, new PendingDeletions(), SHARDING.shardCount(), clock);
    MetricsStore store = new MetricsStore(SHARDING, parts, manifests, budget, registry);
    try {
      long bytes = 0;
      for (int day = 0; day < days; day++) {
        UtcDay utcDay = new UtcDay(FIRST_DAY + day);
        PartEntry entry = write(parts, utcDay, series, interval);
        long[] cut = new long[SHARDING.shardCount()];
        Arrays.fill(cut, day);
        publications.publish(TENANT, Signal.METRICS, utcDay, entry, cut);
        bytes += entry.length();
      }
      System.out.printf(
          "%,d series, %d days, a sample each %d s: %,d bytes, %.3f a sample%n",
          series, days, interval, bytes, bytes / ((double) series * days * (86_400 / interval)));
      for (String query : QUERIES) {
        double aggregated = cpuMillis(new PromqlEngine(store), query, days);
        double decoded = cpuMillis(new PromqlEngine(withoutAggregates(store)), query, days);
        System.out.printf(
            "%-45s aggregates %9.1f ms   samples %9.1f ms   %5.1fx%n",
            query, aggregated, decoded, decoded / aggregated);
      }
    } finally {
      parts.close();
      pages.close();
      objects.close();
      try (var files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** A third of the series each: integers, decimals, long fractions. */
  private static PartEntry write(StoredParts parts, UtcDay day, int series, int interval)
      throws Exception {
    int count = 86_400 / interval;
    long[] times = new long[count];
    for (int i = 0; i < count; i++) {
      times[i] = day.startMs() + i * 1000L * interval + 137;
    }
    double[] values = new double[count];
    try (MetricsPartWriter writer =
        new MetricsPartWriter(parts.create(TENANT, Signal.METRICS, day))) {
      List<Labels> all =
          IntStream.range(0, series)
              .mapToObj(i ->
                  Labels.of("__name__", "x_total", "i", String.valueOf(i), "kind", "k" + i % 3))
              .sorted()
              .toList();
      for (Labels labels : all) {
        SplittableRandom random = new SplittableRandom(labels.hashCode() + day.number());
        int kind = labels.getOrEmpty("kind").charAt(1) - '0';
        double value = (day.number() - FIRST_DAY) * 1e5;
        for (int i = 0; i < count; i++) {
          value += kind == 2 ? random.nextDouble() : random.nextInt(kind == 0 ? 9 : 900);
          values[i] = kind == 1 ? Math.rint(value) / 100 : value;
        }
        byte[] bytes = labels.canonicalBytes();
        writer.series(bytes, 0, bytes.length);
        writer.samples(times, values, 0, count);
      }
      return writer.finish(day.number(), day.number(), 0);
    }
  }

  /** The least of some rounds. */
  private static double cpuMillis(PromqlEngine engine, String query, int days) throws Exception {
    double least = Double.MAX_VALUE;
    long start = FIRST_DAY * DAY + DAY;
    long end = FIRST_DAY * DAY + days * DAY;
    for (int round = 0; round < ROUNDS; round++) {
      long begin = cpuNanos();
      QueryValue value =
          engine
              .range(
                  TENANT,
                  query,
                  start,
                  end,
                  3_600_000,
                  QueryOptions.DEFAULT,
                  QueryBudget.unlimited())
              .value();
      long spent = cpuNanos() - begin;
      if (((QueryValue.Matrix) value).series().isEmpty()) {
        throw new IllegalStateException(query + " has no answer");
      }
      least = Math.min(least, spent / 1e6);
    }
    return least;
  }

  /** Of all threads: a heavy question uses several. */
  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static SampleSource withoutAggregates(SampleSource store) {
    return (SampleSource)
        Proxy.newProxyInstance(
            LongRanges.class.getClassLoader(),
            new Class<?>[] {SampleSource.class},
            (_, method, arguments) -> {
              Object answer = call(store, method, arguments);
              return answer instanceof SampleSource.Selection selection ? plain(selection) : answer;
            });
  }

  private static SampleSource.Selection plain(SampleSource.Selection selection) {
    return (SampleSource.Selection)
        Proxy.newProxyInstance(
            LongRanges.class.getClassLoader(),
            new Class<?>[] {SampleSource.Selection.class},
            (_, method, arguments) ->
                method.getName().equals("readAggregated")
                    ? (Object) false
                    : call(selection, method, arguments));
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
