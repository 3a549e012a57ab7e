// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.engine.QueryBudget;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.manifest.Manifest;
import io.skopos.testkit.storage.NoOpenLeases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the store, its answers are those of a map. */
@ExtendWith(NoOpenLeases.class)
class MetricsStoreModelTest {

  private static final TenantId[] TENANTS = {new TenantId("a"), new TenantId("b")};
  private static final UtcDay FIRST_DAY = UtcDay.parse("1970-01-02");
  private static final int DAYS = 3;
  private static final long STEP_MS = 600_000;

  @TempDir private Path directory;

  /** Per tenant and series, samples by time: values, histograms and starts as text. */
  private final Map<TenantId, TreeMap<Labels, TreeMap<Long, String>>> model = new TreeMap<>();

  private final Map<TenantId, TreeMap<Labels, TreeSet<Exemplar>>> exemplars = new TreeMap<>();

  @Test
  void answersAreThoseOfAMap() throws IOException {
    for (long seed = 1; seed <= 5; seed++) {
      model.clear();
      exemplars.clear();
      Random random = new Random(seed);
      try (StoreOnDisk disk = new StoreOnDisk(directory.resolve("seed-" + seed))) {
        for (int step = 0; step < 60; step++) {
          step(disk, random);
          if (step % 6 == 0) {
            compare(disk.store(), random, "seed " + seed + ", step " + step);
          }
        }
        compare(disk.store(), random, "seed " + seed + ", end");
        disk.flush();
        assertThat(disk.store().headBytes()).as("seed %d", seed).isZero();
        compare(disk.store(), random, "seed " + seed + ", all in parts");
        disk.restart();
        compare(disk.store(), random, "seed " + seed + ", opened again");
      }
    }
  }

  private void step(StoreOnDisk disk, Random random) throws IOException {
    switch (random.nextInt(16)) {
      case 0, 1 -> disk.flush();
      case 2 -> failedFlush(disk, random);
      case 3 -> disk.merge(random);
      case 4 -> delete(disk, random);
      case 5 -> disk.restart();
      case 6 -> disk.freeze();
      default -> append(disk, random);
    }
  }

  private static void failedFlush(StoreOnDisk disk, Random random) throws IOException {
    long[] cut = disk.freeze();
    try {
      disk.flush(cut, random.nextInt(4));
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("the disk is full, says the test");
    }
  }

  private void append(StoreOnDisk disk, Random random) {
    TenantId tenant = TENANTS[random.nextInt(TENANTS.length)];
    SampleBatch batch = new SampleBatch();
    long base = FIRST_DAY.startMs() + random.nextInt(DAYS * 144) * STEP_MS;
    int spread = random.nextInt(3) == 0 ? DAYS * 144 : 4;
    int count = random.nextInt(60);
    int first = random.nextInt(3) * 5;
    boolean ordered = random.nextBoolean();
    for (int i = 0; i < count; i++) {
      Labels labels = labels(ordered ? (first + i) % 40 : random.nextInt(40));
      batch.series(labels);
      for (int sample = random.nextInt(4); sample > 0; sample--) {
        long time =
            Math.min(
                base + random.nextInt(spread) * STEP_MS,
                FIRST_DAY.startMs() + DAYS * UtcDay.MILLIS - 1);
        double value = random.nextInt(20) == 0 ? StaleMarker.VALUE : random.nextInt(1000) / 8.0;
        NativeHistogram histogram =
            labels.getOrEmpty("group").equals("g1") && random.nextInt(4) > 0
                ? RandomHistograms.any(random)
                : null;
        long start = random.nextInt(5) == 0 ? time - random.nextInt(3) : 0;
        if (histogram == null) {
          batch.sample(time, value, start);
        } else {
          value = histogram.sum();
          batch.histogram(time, histogram, start);
        }
        model
            .computeIfAbsent(tenant, key -> new TreeMap<>())
            .computeIfAbsent(labels, key -> new TreeMap<>())
            .put(time, text(value, histogram, start));
      }
      if (random.nextInt(4) == 0) {
        appendExemplar(tenant, labels, batch, random);
      }
    }
    disk.append(tenant, batch);
  }

  private void appendExemplar(TenantId tenant, Labels labels, SampleBatch batch, Random random) {
    long time = FIRST_DAY.startMs() + random.nextInt(DAYS * 144) * STEP_MS;
    Exemplar exemplar = RandomHistograms.exemplar(random, time);
    batch.exemplar(exemplar);
    exemplars
        .computeIfAbsent(tenant, key -> new TreeMap<>())
        .computeIfAbsent(labels, key -> new TreeSet<>(Exemplar.ORDER))
        .add(exemplar);
    // The series is there, though it may have no samples.
    model
        .computeIfAbsent(tenant, key -> new TreeMap<>())
        .computeIfAbsent(labels, key -> new TreeMap<>());
  }

  private void delete(StoreOnDisk disk, Random random) throws IOException {
    TenantId tenant = TENANTS[random.nextInt(TENANTS.length)];
    List<Matcher> matchers = matchers(random);
    TimeRange range = range(random);
    disk.delete(tenant, matchers, range);
    model
        .getOrDefault(tenant, new TreeMap<>())
        .forEach((labels, samples) -> {
          if (fits(labels, matchers)) {
            samples.subMap(range.fromMs(), true, range.toMs(), true).clear();
          }
        });
    exemplars
        .getOrDefault(tenant, new TreeMap<>())
        .forEach((labels, own) -> {
          if (fits(labels, matchers)) {
            own.removeIf(exemplar -> range.contains(exemplar.timeMs()));
          }
        });
  }

  private void compare(SampleSource store, Random random, String when) {
    for (TenantId tenant : TENANTS) {
      TreeMap<Labels, TreeMap<Long, String>> own = model.getOrDefault(tenant, new TreeMap<>());
      for (int i = 0; i < 3; i++) {
        List<Matcher> matchers = i == 0 ? List.of() : matchers(random);
        TimeRange range = i == 0 ? TimeRange.ALL : range(random);
        List<String> expected = new ArrayList<>();
        TreeSet<Labels> expectedSeries = new TreeSet<>();
        own.forEach((labels, samples) -> {
          Map<Long, String> inside = samples.subMap(range.fromMs(), true, range.toMs(), true);
          if (fits(labels, matchers) && !inside.isEmpty()) {
            expectedSeries.add(labels);
            inside.forEach((time, sample) -> expected.add(labels + " " + time + sample));
          }
        });
        assertThat(read(store, tenant, matchers, range)).as(when).isEqualTo(expected);
        compareExemplars(store, tenant, matchers, range, when);
        List<Labels> series =
            store.series(tenant, List.of(matchers), range, 0, QueryBudget.unlimited());
        assertThat(series).as(when).isSorted().doesNotHaveDuplicates().containsAll(expectedSeries);
        assertThat(own.keySet()).as(when).containsAll(series);
        List<String> values =
            store.labelValues(
                tenant, "group", List.of(matchers), range, 0, QueryBudget.unlimited());
        assertThat(values)
            .as(when)
            .isSorted()
            .containsAll(
                expectedSeries.stream().map(labels -> labels.getOrEmpty("group")).toList());
        if (!expectedSeries.isEmpty()) {
          assertThat(store.labelNames(tenant, List.of(matchers), range, 0, QueryBudget.unlimited()))
              .as(when)
              .contains("__name__", "group");
        }
      }
    }
  }

  private void compareExemplars(
      SampleSource store, TenantId tenant, List<Matcher> matchers, TimeRange range, String when) {
    List<SampleSource.SeriesExemplars> expected = new ArrayList<>();
    exemplars
        .getOrDefault(tenant, new TreeMap<>())
        .forEach((labels, own) -> {
          List<Exemplar> inside =
              own.stream().filter(exemplar -> range.contains(exemplar.timeMs())).toList();
          if (fits(labels, matchers) && !inside.isEmpty()) {
            expected.add(new SampleSource.SeriesExemplars(labels, inside));
          }
        });
    assertThat(store.exemplars(tenant, List.of(matchers), range, 0, QueryBudget.unlimited()))
        .as(when)
        .isEqualTo(expected);
    List<SampleSource.SeriesExemplars> some =
        store.exemplars(tenant, List.of(matchers), range, 3, QueryBudget.unlimited());
    int count = some.stream().mapToInt(series -> series.exemplars().size()).sum();
    int all = expected.stream().mapToInt(series -> series.exemplars().size()).sum();
    assertThat(count).as(when).isEqualTo(Math.min(3, all));
  }

  private static List<String> read(
      SampleSource store, TenantId tenant, List<Matcher> matchers, TimeRange range) {
    List<String> found = new ArrayList<>();
    SampleBuffer samples = new SampleBuffer();
    try (SampleSource.Selection selection =
        store.select(tenant, matchers, range, QueryBudget.unlimited())) {
      for (int i = 0; i < selection.size(); i++) {
        samples.clear();
        selection.read(i, range.fromMs(), range.toMs(), samples);
        for (int at = 0; at < samples.size; at++) {
          NativeHistogram histogram = samples.histograms == null ? null : samples.histograms[at];
          long start = samples.startsMs == null ? 0 : samples.startsMs[at];
          found.add(
              selection.labels(i)
                  + " "
                  + samples.timesMs[at]
                  + text(samples.values[at], histogram, start));
        }
      }
      assertThat(selection.warnings()).isEmpty();
    }
    return found;
  }

  private static String text(double value, @Nullable NativeHistogram histogram, long start) {
    return " "
        + Long.toHexString(Double.doubleToRawLongBits(value))
        + (start == 0 ? "" : " from " + start)
        + (histogram == null
            ? ""
            : " " + RandomHistograms.text(RandomHistograms.withoutHint(histogram)));
  }

  /** Readers beside a writer that appends, flushes and merges never miss what was there before. */
  @Test
  void nothingIsMissingWhileRowsMoveIntoParts() throws Exception {
    TenantId tenant = TENANTS[0];
    AtomicInteger appended = new AtomicInteger();
    AtomicBoolean done = new AtomicBoolean();
    try (StoreOnDisk disk = new StoreOnDisk(directory);
        ExecutorService readers = Executors.newFixedThreadPool(2)) {
      List<Future<Integer>> checks = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        checks.add(
            readers.submit(() -> {
              int reads = 0;
              while (!done.get() || reads == 0) {
                int least = appended.get();
                List<String> rows = read(disk.store(), tenant, List.of(), TimeRange.ALL);
                assertThat(rows).hasSizeBetween(least * 10, appended.get() * 10 + 10);
                assertThat(rows).doesNotHaveDuplicates();
                reads++;
              }
              return reads;
            }));
      }
      Random random = new Random(9);
      try {
        for (int tick = 0; tick < 300; tick++) {
          SampleBatch batch = new SampleBatch();
          for (int series = 0; series < 10; series++) {
            batch.series(labels(series));
            batch.sample(FIRST_DAY.startMs() + tick * STEP_MS / 2, tick);
          }
          disk.append(tenant, batch);
          appended.incrementAndGet();
          if (tick % 20 == 19) {
            disk.flush();
          }
          if (tick % 50 == 49) {
            disk.merge(random);
          }
        }
      } finally {
        done.set(true);
      }
      for (Future<Integer> check : checks) {
        assertThat(check.get()).isPositive();
      }
    }
  }

  @Test
  void metadataOutlivesFlushAndRestartAndComesLatestFirst() throws IOException {
    try (StoreOnDisk disk = new StoreOnDisk(directory)) {
      MetricMetadata first = new MetricMetadata("counter", "First.", "");
      MetricMetadata second = new MetricMetadata("counter", "Second.", "seconds");
      disk.append(TENANTS[0], metadata(1, first));
      disk.append(TENANTS[0], metadata(2, second));
      disk.append(TENANTS[0], metadata(1, first));
      assertThat(disk.store().metadata(TENANTS[0], "", 0, 0))
          .isEqualTo(Map.of("requests_total", List.of(second, first)));
      assertThat(disk.store().metadata(TENANTS[0], "requests_total", 0, 1))
          .isEqualTo(Map.of("requests_total", List.of(second)));
      assertThat(disk.store().metadata(TENANTS[0], "other", 0, 0)).isEmpty();
      assertThat(disk.store().metadata(TENANTS[1], "", 0, 0)).isEmpty();
      disk.restart();
      assertThat(disk.store().metadata(TENANTS[0], "", 0, 1).get("requests_total"))
          .containsExactly(second);
      disk.flush();
      disk.restart();
      assertThat(disk.store().metadata(TENANTS[0], "", 0, 0).get("requests_total"))
          .containsExactly(second);
    }
  }

  @Test
  void aDamagedPartIsLeftOutAndNamed() throws IOException {
    try (StoreOnDisk disk = new StoreOnDisk(directory)) {
      for (int day = 0; day < 2; day++) {
        SampleBatch batch = new SampleBatch();
        batch.series(labels(1));
        batch.sample(FIRST_DAY.startMs() + day * UtcDay.MILLIS, day);
        disk.append(TENANTS[0], batch);
      }
      disk.flush();
      Manifest manifest =
          Objects.requireNonNull(disk.manifests().get(TENANTS[0], Signal.METRICS, FIRST_DAY));
      Path object = directory.resolve("objects").resolve(manifest.parts().getFirst().object());
      byte[] bytes = Files.readAllBytes(object);
      Arrays.fill(bytes, bytes.length / 8, bytes.length, (byte) 0x55);
      Files.write(object, bytes);
      disk.restart();
      try (SampleSource.Selection selection =
          disk.store().select(TENANTS[0], List.of(), TimeRange.ALL, QueryBudget.unlimited())) {
        assertThat(selection.size()).isEqualTo(1);
        SampleBuffer samples = new SampleBuffer();
        selection.read(0, Long.MIN_VALUE, Long.MAX_VALUE, samples);
        assertThat(samples.size).isEqualTo(1);
        assertThat(samples.values[0]).isEqualTo(1);
        assertThat(selection.warnings())
            .singleElement()
            .asString()
            .startsWith("some samples of 1970-01-02 could not be read: ");
      }
      assertThat(
              disk.store()
                  .labelValues(
                      TENANTS[0], "i", List.of(), TimeRange.ALL, 0, QueryBudget.unlimited()))
          .containsExactly("1");
    }
  }

  private static SampleBatch metadata(int order, MetricMetadata about) {
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "requests_total"));
    batch.sample(FIRST_DAY.startMs() + order, 1);
    batch.metadata(FIRST_DAY.startMs() + order, "requests_total", about);
    return batch;
  }

  @Test
  void cardinalityComesFromPostings() throws IOException {
    try (StoreOnDisk disk = new StoreOnDisk(directory)) {
      SampleBatch batch = new SampleBatch();
      for (int i = 0; i < 40; i++) {
        batch.series(labels(i));
        batch.sample(FIRST_DAY.startMs() + 5, i);
      }
      disk.append(TENANTS[0], batch);
      for (int round = 0; round < 2; round++) {
        SampleSource.Cardinality counts = disk.store().cardinality(TENANTS[0], 2);
        assertThat(counts.series()).isEqualTo(40);
        assertThat(counts.minTimeMs()).isEqualTo(FIRST_DAY.startMs() + 5);
        assertThat(counts.maxTimeMs()).isEqualTo(FIRST_DAY.startMs() + 5);
        assertThat(counts.seriesByMetricName())
            .containsExactly(
                new SampleSource.NamedCount("m0", 14), new SampleSource.NamedCount("m1", 13));
        assertThat(counts.valuesByLabelName())
            .containsExactly(
                new SampleSource.NamedCount("i", 40), new SampleSource.NamedCount("group", 4));
        disk.flush();
      }
    }
  }

  private static List<Matcher> matchers(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> List.of(Matcher.equal("group", "g" + random.nextInt(4)));
      case 1 -> List.of(Matcher.equal("__name__", "m" + random.nextInt(3)));
      case 2 ->
          List.of(
              new Matcher(Matcher.Type.NOT_EQUAL, "group", "g1"),
              Matcher.equal("__name__", "m" + random.nextInt(3)));
      default -> List.of(new Matcher(Matcher.Type.REGEX, "i", "1.*"));
    };
  }

  private static boolean fits(Labels labels, List<Matcher> matchers) {
    for (Matcher matcher : matchers) {
      String value = labels.getOrEmpty(matcher.name());
      boolean fits =
          switch (matcher.type()) {
            case EQUAL -> value.equals(matcher.value());
            case NOT_EQUAL -> !value.equals(matcher.value());
            case REGEX -> value.matches(matcher.value());
            case NOT_REGEX -> !value.matches(matcher.value());
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static TimeRange range(Random random) {
    long from = FIRST_DAY.startMs() + random.nextInt(DAYS * 144) * STEP_MS;
    return new TimeRange(from, from + random.nextInt(DAYS * 72) * STEP_MS);
  }

  private static Labels labels(int i) {
    String name = "m" + i % 3;
    String group = "g" + i % 4;
    // The later ones are of one target, and so of one shard.
    return i < 15
        ? Labels.of("__name__", name, "group", group, "i", "" + i)
        : Labels.of("__name__", name, "group", group, "i", "" + i, "instance", "x", "job", "y");
  }
}
