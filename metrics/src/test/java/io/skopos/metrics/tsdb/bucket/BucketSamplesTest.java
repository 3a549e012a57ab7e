// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skopos.engine.QueryAborted;
import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.storage.blocks.ReadContext;
import io.skopos.testkit.storage.FaultyObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks in a bucket answer as a plain map of their samples does. */
class BucketSamplesTest {

  private static final long START = 1_767_225_600_000L;
  private static final long HOUR = 3_600_000;
  private static final TenantId TENANT = TenantId.ANONYMOUS;

  @TempDir Path work;

  private static SortedMap<Labels, SampleBuffer> series(
      Random random, int count, long fromMs, int samples) {
    SortedMap<Labels, SampleBuffer> series = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      SampleBuffer buffer = new SampleBuffer();
      for (int j = 0; j < 1 + random.nextInt(samples); j++) {
        buffer.add(fromMs + j * 15_000L, random.nextInt(1000));
      }
      LabelsBuilder labels = new LabelsBuilder();
      labels.set("__name__", "m" + random.nextInt(9)).set("i", Integer.toString(i));
      if (i % 3 > 0) {
        labels.set("job", "j" + i % 5);
      }
      if (i % 11 == 0) {
        labels.set("cluster", "own");
      }
      series.put(labels.build(), buffer);
    }
    return series;
  }

  /** What every question must find. */
  private static void addTo(
      Map<Labels, TreeMap<Long, Double>> all,
      SortedMap<Labels, SampleBuffer> series,
      Map<String, String> external) {
    series.forEach((labels, samples) -> {
      TreeMap<Long, Double> points =
          all.computeIfAbsent(
              BlockSource.complete(labels, external, Set.of()), _ -> new TreeMap<>());
      for (int i = 0; i < samples.size; i++) {
        points.put(samples.timesMs[i], samples.values[i]);
      }
    });
  }

  private static Map<Labels, TreeMap<Long, Double>> read(
      SampleSource source, List<Matcher> matchers, TimeRange range, @Nullable List<String> lacks) {
    Map<Labels, TreeMap<Long, Double>> read = new TreeMap<>();
    try (SampleSource.Selection selection =
        source.select(TENANT, matchers, range, QueryBudget.unlimited())) {
      SampleBuffer buffer = new SampleBuffer();
      Labels before = null;
      for (int i = 0; i < selection.size(); i++) {
        Labels labels = selection.labels(i);
        assertThat(before == null || before.compareTo(labels) < 0).isTrue();
        before = labels;
        buffer.clear();
        selection.read(i, range.fromMs(), range.toMs(), buffer);
        TreeMap<Long, Double> points = new TreeMap<>();
        for (int j = 0; j < buffer.size; j++) {
          assertThat(j == 0 || buffer.timesMs[j] > buffer.timesMs[j - 1]).isTrue();
          points.put(buffer.timesMs[j], buffer.values[j]);
        }
        if (!points.isEmpty()) {
          read.put(labels, points);
        }
      }
      if (lacks == null) {
        assertThat(selection.warnings()).isEmpty();
      } else {
        lacks.addAll(selection.warnings());
      }
    }
    return read;
  }

  private static boolean fits(Matcher matcher, Labels labels) {
    String value = labels.getOrEmpty(matcher.name());
    return switch (matcher.type()) {
      case EQUAL -> value.equals(matcher.value());
      case NOT_EQUAL -> !value.equals(matcher.value());
      case REGEX -> Pattern.matches(matcher.value(), value);
      case NOT_REGEX -> !Pattern.matches(matcher.value(), value);
    };
  }

  private static List<Matcher> matchers(Random random) {
    List<Matcher> matchers = new ArrayList<>();
    for (int i = 0; i < random.nextInt(4); i++) {
      Matcher.Type type = Matcher.Type.values()[random.nextInt(4)];
      String name = List.of("__name__", "i", "job", "cluster", "none").get(random.nextInt(5));
      boolean pattern = type == Matcher.Type.REGEX || type == Matcher.Type.NOT_REGEX;
      List<String> values =
          pattern
              ? List.of("m[1-4]", "1.*", "j1|j2", ".*", ".+", "", "eu|own", "e.*")
              : List.of("m3", "17", "j1", "", "eu", "own", "us");
      matchers.add(new Matcher(type, name, values.get(random.nextInt(values.size()))));
    }
    return matchers;
  }

  @Test
  void everySelectorFindsWhatAPlainMapFinds() throws Exception {
    Random random = new Random(5);
    Map<Labels, TreeMap<Long, Double>> all = new HashMap<>();
    try (BucketOfBlocks bucket = new BucketOfBlocks(work, Set.of())) {
      for (int i = 0; i < 4; i++) {
        long from = START + i * 2 * HOUR;
        SortedMap<Labels, SampleBuffer> series = series(random, 150, from, 480);
        Map<String, String> external = i == 3 ? Map.of() : Map.of("cluster", i == 2 ? "us" : "eu");
        bucket.add("", from, from + 2 * HOUR, series, external);
        addTo(all, series, external);
      }
      bucket.listing.start();
      bucket.listed();
      for (int round = 0; round < 150; round++) {
        List<Matcher> matchers = matchers(random);
        long from = START - HOUR + random.nextLong(8 * HOUR);
        TimeRange range = new TimeRange(from, from + random.nextLong(9 * HOUR));
        Map<Labels, TreeMap<Long, Double>> expected = new TreeMap<>();
        all.forEach((labels, points) -> {
          if (matchers.stream().allMatch(matcher -> fits(matcher, labels))) {
            TreeMap<Long, Double> inRange =
                new TreeMap<>(points.subMap(range.fromMs(), true, range.toMs(), true));
            if (!inRange.isEmpty()) {
              expected.put(labels, inRange);
            }
          }
        });
        assertThat(read(bucket.samples, matchers, range, null))
            .as("%s %s", matchers, range)
            .isEqualTo(expected);
      }
      QueryBudget budget = QueryBudget.unlimited();
      assertThat(bucket.samples.labelNames(TENANT, List.of(), TimeRange.ALL, 0, budget))
          .containsExactly("__name__", "cluster", "i", "job");
      assertThat(bucket.samples.labelValues(TENANT, "cluster", List.of(), TimeRange.ALL, 0, budget))
          .containsExactly("eu", "own", "us");
      TreeSet<String> jobs = new TreeSet<>();
      all.keySet().forEach(labels -> jobs.add(labels.getOrEmpty("job")));
      jobs.remove("");
      assertThat(
              bucket.samples.labelValues(
                  TENANT,
                  "job",
                  List.of(List.of(Matcher.equal("cluster", "eu"))),
                  TimeRange.ALL,
                  0,
                  budget))
          .containsExactlyElementsOf(jobs);
      assertThat(bucket.samples.select(new TenantId("b"), List.of(), TimeRange.ALL, budget).size())
          .isZero();
    }
  }

  @Test
  void replicasAreOneAndTheStoreCountsMost() throws Exception {
    Random random = new Random(6);
    SortedMap<Labels, SampleBuffer> series = series(random, 40, START, 100);
    SortedMap<Labels, SampleBuffer> other = series(random, 40, START, 100);
    Map<Labels, TreeMap<Long, Double>> all = new TreeMap<>();
    addTo(all, other, Map.of("cluster", "eu"));
    addTo(all, series, Map.of("cluster", "eu"));
    try (BucketOfBlocks bucket = new BucketOfBlocks(work, Set.of("replica"))) {
      bucket.add("", START, START + HOUR, other, Map.of("cluster", "eu", "replica", "a"));
      bucket.add("", START, START + HOUR, series, Map.of("cluster", "eu", "replica", "b"));
      bucket.listing.start();
      bucket.listed();
      Map<Labels, TreeMap<Long, Double>> read =
          read(bucket.samples, List.of(), TimeRange.ALL, null);
      assertThat(read.keySet()).isEqualTo(all.keySet());
      read.forEach((labels, points) ->
          assertThat(points.keySet()).isEqualTo(Objects.requireNonNull(all.get(labels)).keySet()));
      assertThat(read(bucket.samples, List.of(Matcher.equal("replica", "a")), TimeRange.ALL, null))
          .isEmpty();
      assertThat(
              bucket.samples.labelNames(
                  TENANT, List.of(), TimeRange.ALL, 0, QueryBudget.unlimited()))
          .doesNotContain("replica");
    }
  }

  @Test
  void newBlocksComeMarkedOnesGoAndAFailedListingTakesNothing() throws Exception {
    SortedMap<Labels, SampleBuffer> series = series(new Random(7), 20, START, 50);
    try (BucketOfBlocks bucket = new BucketOfBlocks(work, Set.of())) {
      TenantId team = new TenantId("team-a");
      bucket.listing.start();
      bucket.listed();
      assertThat(bucket.listing.state().count()).isZero();
      String ulid =
          bucket.add(
              "team-a", START, START + HOUR, series, Map.of("__compactor_shard_id__", "1_of_2"));
      bucket.listed();
      assertThat(bucket.listing.overlapping(team, TimeRange.ALL)).hasSize(1);
      assertThat(bucket.listing.overlapping(TENANT, TimeRange.ALL)).isEmpty();
      try (SampleSource.Selection selection =
          bucket.samples.select(team, List.of(), TimeRange.ALL, QueryBudget.unlimited())) {
        assertThat(selection.size()).isEqualTo(series.size());
        assertThat((Object) selection.labels(0)).isEqualTo(series.firstKey());
      }
      bucket.store.behave((call, _) ->
          call == FaultyObjectStore.Call.LIST
              ? FaultyObjectStore.Outcome.FAILS
              : FaultyObjectStore.Outcome.WORKS);
      bucket.listed();
      assertThat(bucket.listing.state().error()).contains("503 Slow Down");
      assertThat(bucket.listing.overlapping(team, TimeRange.ALL)).hasSize(1);
      bucket.store.comesBack();
      Path markers = Files.createDirectories(bucket.root.resolve("team-a/markers"));
      Files.writeString(markers.resolve(ulid + "-deletion-mark.json"), "{}");
      bucket.listed();
      assertThat(bucket.listing.overlapping(team, TimeRange.ALL)).isEmpty();
    }
  }

  @Test
  void whatCannotBeReadIsAWarningAndAnOverdrawnQueryEnds() throws Exception {
    SortedMap<Labels, SampleBuffer> series = series(new Random(8), 20, START, 50);
    try (BucketOfBlocks bucket = new BucketOfBlocks(work, Set.of())) {
      List<String> lacks = new ArrayList<>();
      read(bucket.samples, List.of(), TimeRange.ALL, lacks);
      assertThat(lacks).hasSize(1).first().asString().contains("not known: it has not been listed");
      String good = bucket.add("", START, START + HOUR, series, Map.of());
      String bad = bucket.add("", START + HOUR, START + 2 * HOUR, later(series), Map.of());
      bucket.listing.start();
      bucket.listed();
      Path chunks = bucket.root.resolve(bad).resolve("chunks/000001");
      byte[] bytes = Files.readAllBytes(chunks);
      bytes[60] ^= 1;
      Files.write(chunks, bytes);
      lacks.clear();
      Map<Labels, TreeMap<Long, Double>> read =
          read(bucket.samples, List.of(), TimeRange.ALL, lacks);
      assertThat(read).hasSize(series.size());
      assertThat(lacks)
          .isNotEmpty()
          .allMatch(lack -> lack.contains(bad + ": ") && lack.contains("checksum"));
      Files.delete(bucket.root.resolve(good).resolve("index"));
      QueryBudget small = new QueryBudget(new QueryBudget.Limits(0, 0, 0, 100, 0), 0);
      ReadContext context = new ReadContext(small::checkRunning, small::fetchBytes);
      bucket.add("", START + 2 * HOUR, START + 3 * HOUR, later(later(series)), Map.of());
      bucket.listed();
      assertThatThrownBy(() ->
              context.call(() -> {
                try (SampleSource.Selection all =
                    bucket.samples.select(TENANT, List.of(), TimeRange.ALL, small)) {
                  return all.size();
                }
              }))
          .isInstanceOf(QueryAborted.class)
          .hasMessageContaining("100 bytes from the bucket (query.max_fetched_bytes)");
    }
  }

  private static SortedMap<Labels, SampleBuffer> later(SortedMap<Labels, SampleBuffer> series) {
    SortedMap<Labels, SampleBuffer> later = new TreeMap<>();
    series.forEach((labels, samples) -> {
      SampleBuffer copy = new SampleBuffer();
      for (int i = 0; i < samples.size; i++) {
        copy.add(samples.timesMs[i] + HOUR, samples.values[i]);
      }
      later.put(labels, copy);
    });
    return later;
  }

  /** Where raw samples are gone, those of five minutes answer, and then those of an hour. */
  @Test
  void downsampledBlocksOfThanosFillWhatRawOnesLack() throws Exception {
    String directory = System.getProperty("skopos.conformance", "");
    assumeTrue(!directory.isEmpty(), "-Dskopos.conformance is not set");
    Path snapshot = Path.of(directory, "tsdb-blocks/thanos-snapshot");
    try (BucketOfBlocks bucket = new BucketOfBlocks(work, Set.of("replica"))) {
      List<Matcher> counter =
          List.of(
              Matcher.equal("__name__", "thanos_test_counter_total"),
              Matcher.equal("instance", "localhost:9090"));
      bucket.copy(snapshot.resolve("01KKS78PXE91TK8YX406DERWV2"), "");
      bucket.listing.start();
      bucket.listed();
      TreeMap<Long, Double> hours = only(read(bucket.samples, counter, TimeRange.ALL, null));
      bucket.copy(snapshot.resolve("01KKS78PKKR6BQ0SQ5BARRTAKC"), "");
      bucket.listed();
      TreeMap<Long, Double> minutes = only(read(bucket.samples, counter, TimeRange.ALL, null));
      assertThat(minutes.size()).isGreaterThan(hours.size());
      bucket.copy(snapshot.resolve("01KKS78P6B68DNJC87ZVPRGC3X"), "");
      bucket.listed();
      Map<Labels, TreeMap<Long, Double>> raw = read(bucket.samples, counter, TimeRange.ALL, null);
      assertThat(only(raw).values()).hasSizeGreaterThan(100).containsAll(minutes.values());
      assertThat(raw.keySet().iterator().next().toMap())
          .containsEntry("prometheus", "test")
          .doesNotContainKey("replica");
      assertThat(bucket.listing.overlapping(TENANT, TimeRange.ALL)).hasSize(1);
    }
  }

  private static TreeMap<Long, Double> only(Map<Labels, TreeMap<Long, Double>> series) {
    assertThat(series).hasSize(1);
    return series.values().iterator().next();
  }
}
