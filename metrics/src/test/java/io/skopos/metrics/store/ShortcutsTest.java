// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryValue;
import io.skopos.metrics.language.PromqlEngine;
import io.skopos.metrics.language.QueryOptions;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the store answers without decoding samples against the same questions where every sample is
 * decoded: over heads and parts, with series that come and go, gaps, stale markers, late samples,
 * restarted counters, long fractions, NaN, infinities and deletions.
 */
class ShortcutsTest {

  private static final TenantId TENANT = new TenantId("t");
  private static final long DAY = 86_400_000;
  private static final long BEGIN = 20_000 * DAY + DAY / 4;
  private static final long END = BEGIN + DAY + DAY / 2;

  private static final List<String> QUERIES =
      List.of(
          "count(g)",
          "count by (i) (g)",
          "group by (kind) ({i=~\".+\"})",
          "count({i=~\".+\"} offset 20m)",
          "count_over_time(g[25m])",
          "sum by (kind) (count_over_time({i=~\".+\"}[1h]))",
          "present_over_time(g[7m])",
          "absent(g{i=\"3\"})",
          "absent(nothing)",
          "absent_over_time(g{i=\"2\"}[10m])",
          "timestamp(g)",
          "ts_of_last_over_time(g[1h])",
          "ts_of_first_over_time(c_total[2h])",
          "max(timestamp(c_total))");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void pointsAreCountedWithoutTheirValues(long seed) throws Exception {
    Random random = new Random(seed);
    try (StoreOnDisk disk = new StoreOnDisk(directory)) {
      fill(disk, random);
      PromqlEngine shortcut = new PromqlEngine(disk.store());
      PromqlEngine plain = new PromqlEngine(new DecodedSamples(disk.store()));
      for (String query : QUERIES) {
        for (int round = 0; round < 4; round++) {
          long end = BEGIN + (long) (random.nextDouble() * (END - BEGIN) * 1.02);
          long step = round == 0 ? 15_000 : 60_000L * (1 + random.nextInt(90));
          long start = end - step * random.nextInt(40);
          assertThat(range(shortcut, query, start, end, step))
              .as("seed %d: %s from %d to %d by %d", seed, query, start, end, step)
              .isEqualTo(range(plain, query, start, end, step));
        }
      }
    }
  }

  private static final List<String> LONG_QUERIES =
      List.of(
          "sum_over_time(g[3h])",
          "avg_over_time(c_total[1h])",
          "min_over_time(g[2h])",
          "max by (i, kind) (max_over_time({i=~\".+\"}[1d]))",
          "count_over_time(g[6h])",
          "present_over_time(g[2h])",
          "first_over_time(g[5h])",
          "last_over_time(c_total[5h])",
          "rate(c_total[1h])",
          "increase(c_total[12h])",
          "delta(g[4h])",
          "sum by (kind) (rate(c_total[6h] offset 1h))",
          "avg_over_time(g[7h] @ end())",
          "ts_of_last_over_time(g[3h])");

  /** To the bit, but for sums, which are made in another order: those to 1e-12. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aggregatesAnswerAsSamplesDo(long seed) throws Exception {
    Random random = new Random(seed);
    try (StoreOnDisk disk = new StoreOnDisk(directory)) {
      fill(disk, random);
      PromqlEngine shortcut = new PromqlEngine(disk.store());
      PromqlEngine plain = new PromqlEngine(new DecodedSamples(disk.store()));
      for (String query : LONG_QUERIES) {
        for (int round = 0; round < 4; round++) {
          boolean whole = random.nextInt(3) != 0;
          long step = whole ? 3_600_000L * (1 + random.nextInt(3)) : 600_000 + random.nextInt(9999);
          long end = BEGIN + (long) (random.nextDouble() * (END - BEGIN) * 1.05);
          end = whole ? end / 3_600_000 * 3_600_000 : end;
          long start = end - step * random.nextInt(30);
          List<String> found = range(shortcut, query, start, end, step);
          List<String> expected = range(plain, query, start, end, step);
          assertThat(found).as("seed %d: %s", seed, query).hasSameSizeAs(expected);
          for (int i = 0; i < found.size(); i++) {
            same(found.get(i), expected.get(i), "seed " + seed + ": " + query);
          }
        }
      }
    }
  }

  /** A series of which most has to be decoded after all is read as samples, which costs less. */
  @Test
  void aggregatesThatFitNowhereAreNotUsed() throws Exception {
    try (StoreOnDisk disk = new StoreOnDisk(directory)) {
      SampleBatch batch = new SampleBatch();
      batch.series(labels("g", 1, 1));
      long first = 20_000 * DAY + 1;
      for (int i = 0; i < 5000; i++) {
        batch.sample(first + i * 15_000L, i);
      }
      disk.append(TENANT, batch);
      disk.flush();
      TimeRange day = new TimeRange(first, first + DAY - 2);
      try (SampleSource.Selection selection =
          disk.store()
              .select(
                  TENANT, List.of(Matcher.equal("__name__", "g")), day, QueryBudget.unlimited())) {
        AggregatedSamples samples = new AggregatedSamples();
        assertThat(selection.readAggregated(0, day.fromMs(), day.toMs(), (_, _) -> true, samples))
            .isTrue();
        assertThat(samples.size).isLessThan(50);
        assertThat(Arrays.stream(samples.counts).limit(samples.size).sum()).isEqualTo(5000);
        samples.clear();
        assertThat(selection.readAggregated(0, day.fromMs(), day.toMs(), (_, _) -> false, samples))
            .isFalse();
      }
    }
  }

  private static void same(String found, String expected, String where) {
    int at = expected.lastIndexOf(' ');
    assertThat(found.substring(0, found.lastIndexOf(' '))).isEqualTo(expected.substring(0, at));
    double one = Double.parseDouble(found.substring(found.lastIndexOf(' ') + 1));
    double other = Double.parseDouble(expected.substring(at + 1));
    if (where.contains("sum") || where.contains("avg") || where.contains("c_total")) {
      double off = Math.abs(one - other) / Math.max(1e-3, Math.abs(other));
      assertThat(one == other || off < 1e-12 || (Double.isNaN(one) && Double.isNaN(other)))
          .as("%s: %s and %s", where, found, expected)
          .isTrue();
    } else {
      assertThat(found).as(where).isEqualTo(expected);
    }
  }

  private static void fill(StoreOnDisk disk, Random random) throws Exception {
    for (int i = 0; i < 6; i++) {
      for (String name : List.of("g", "c_total")) {
        series(disk, name, i, random);
      }
      if (random.nextInt(3) == 0) {
        disk.flush();
      }
      if (random.nextInt(3) == 0) {
        disk.merge(random);
      }
    }
    long from = BEGIN + random.nextInt((int) DAY);
    disk.delete(
        TENANT,
        List.of(Matcher.equal("i", "4")),
        new TimeRange(from, from + random.nextInt((int) DAY / 4)));
    if (random.nextBoolean()) {
      disk.flush();
      disk.merge(random);
    }
    disk.append(TENANT, late(random));
  }

  /** In several lives, of which some end with a stale marker and some do not. */
  private static void series(StoreOnDisk disk, String name, int i, Random random) {
    int interval = random.nextInt(4) == 0 ? 60_000 : 15_000;
    int kind = random.nextInt(5);
    Labels labels = labels(name, i, kind);
    SampleBatch batch = new SampleBatch();
    batch.series(labels);
    double value = random.nextInt(1000);
    int life = 50 + random.nextInt(6000);
    int held = 0;
    for (long time = BEGIN + random.nextInt(interval); time < END; time += interval) {
      if (life-- == 0) {
        if (random.nextInt(3) != 0) {
          batch.sample(time, StaleMarker.VALUE);
        }
        time += random.nextInt(3) == 0 ? 0 : random.nextInt((int) DAY / 8);
        life = 50 + random.nextInt(6000);
        value = random.nextInt(3);
        continue;
      }
      boolean odd = kind == 4 && random.nextInt(500) == 0;
      value =
          switch (kind) {
            case 0 -> value;
            case 1 -> value + random.nextInt(9);
            case 2 -> Math.rint(random.nextGaussian() * 1000) / 10;
            default -> name.equals("g") ? random.nextGaussian() : value + random.nextDouble();
          };
      batch.sample(
          time,
          odd ? List.of(Double.NaN, Double.POSITIVE_INFINITY, -0.0).get(random.nextInt(3)) : value);
      if (++held == 700) {
        disk.append(TENANT, batch);
        batch = new SampleBatch();
        batch.series(labels);
        held = 0;
      }
    }
    disk.append(TENANT, batch);
  }

  private static SampleBatch late(Random random) {
    SampleBatch batch = new SampleBatch();
    batch.series(labels("g", 1, 7));
    for (int i = 0; i < 50; i++) {
      batch.sample(BEGIN + random.nextInt((int) DAY), random.nextInt(100));
    }
    return batch;
  }

  private static Labels labels(String name, int i, int kind) {
    return Labels.of("__name__", name, "i", String.valueOf(i), "kind", String.valueOf(kind));
  }

  /** By series, then "time value" with the value's bits. */
  static List<String> range(PromqlEngine engine, String query, long start, long end, long step)
      throws Exception {
    QueryValue.Matrix matrix =
        (QueryValue.Matrix)
            engine
                .range(
                    TENANT, query, start, end, step, QueryOptions.DEFAULT, QueryBudget.unlimited())
                .value();
    List<String> all = new ArrayList<>();
    for (QueryValue.Series series : matrix.series()) {
      for (int i = 0; i < series.timesMs().length; i++) {
        all.add(
            series.labels()
                + " "
                + series.timesMs()[i]
                + " "
                + Double.toHexString(series.values()[i]));
      }
    }
    return all;
  }

  /** A store that knows no shortcut: each question is answered by decoding. */
  static final class DecodedSamples extends ForwardingSamples {

    DecodedSamples(SampleSource source) {
      super(source);
    }

    @Override
    public Selection select(
        TenantId tenant, List<Matcher> matchers, TimeRange range, QueryBudget budget) {
      Selection selection = super.select(tenant, matchers, range, budget);
      return new Selection() {
        @Override
        public int size() {
          return selection.size();
        }

        @Override
        public Labels labels(int index) {
          return selection.labels(index);
        }

        @Override
        public void read(int index, long fromMs, long toMs, SampleBuffer into) {
          selection.read(index, fromMs, toMs, into);
        }

        @Override
        public void close() {
          selection.close();
        }
      };
    }
  }
}
