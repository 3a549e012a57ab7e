// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.Deletion;
import io.skopos.storage.memory.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DayHeadTest {

  private static final TenantId TENANT = new TenantId("acme");
  private static final UtcDay DAY = UtcDay.parse("1970-01-03");

  private final MemoryBudget budget = new MemoryBudget(1L << 30);
  private final SlabPool pool = new SlabPool(budget);

  @Test
  void agreesWithAPlainMapWhateverComes() {
    for (long seed = 1; seed <= 30; seed++) {
      Random random = new Random(seed);
      DayHead head = new DayHead(TENANT, DAY, 0, pool);
      Map<Labels, TreeMap<Long, Double>> model = new TreeMap<>();
      int seriesCount = 1 + random.nextInt(150);
      boolean ordered = random.nextBoolean();
      for (int round = 0; round < 40; round++) {
        head.beginFrame(round);
        for (int i = 0; i < seriesCount; i++) {
          if (random.nextInt(4) == 0) {
            continue;
          }
          long time =
              ordered && random.nextInt(10) > 0
                  ? DAY.startMs() + round * 60_000L
                  : DAY.startMs() + random.nextInt(40) * 60_000L;
          Labels labels = labels(i);
          double value = random.nextInt(100) / 4.0;
          append(head, labels, time, value);
          model.computeIfAbsent(labels, key -> new TreeMap<>()).put(time, value);
        }
        head.endFrame(DAY.startMs(), DAY.endMs());
        if (random.nextInt(12) == 0) {
          delete(head, model, random);
        }
      }
      assertSame(seed, head, model, random);
      head.release();
    }
    assertThat(pool.usedBytes()).isZero();
    assertThat(pool.heapBytes()).isZero();
  }

  private static void delete(
      DayHead head, Map<Labels, TreeMap<Long, Double>> model, Random random) {
    long from = DAY.startMs() + random.nextInt(40) * 60_000L;
    long to = from + random.nextInt(20) * 60_000L;
    String group = "g" + random.nextInt(3);
    head.delete(new Deletion(List.of(Matcher.equal("group", group)), new TimeRange(from, to)));
    model.forEach((labels, samples) -> {
      if (group.equals(labels.get("group"))) {
        samples.subMap(from, true, to, true).clear();
      }
    });
  }

  private static void assertSame(
      long seed, DayHead head, Map<Labels, TreeMap<Long, Double>> model, Random random) {
    assertThat(head.seriesCount()).isEqualTo(model.size());
    SampleBuffer read = new SampleBuffer();
    SampleBuffer spare = new SampleBuffer();
    for (int ordinal = 0; ordinal < head.seriesCount(); ordinal++) {
      TreeMap<Long, Double> expected = model.getOrDefault(head.labels(ordinal), new TreeMap<>());
      long from = DAY.startMs() + random.nextInt(30) * 60_000L;
      long to = from + random.nextInt(20) * 60_000L;
      read.clear();
      head.read(head.publishedMain(ordinal), head.publishedSide(ordinal), from, to, read, spare);
      assertThat(pairs(read)).as("seed %d", seed).isEqualTo(pairs(expected.subMap(from, to + 1)));
      read.clear();
      head.read(
          head.publishedMain(ordinal),
          head.publishedSide(ordinal),
          DAY.startMs(),
          DAY.endMs(),
          read,
          spare);
      assertThat(pairs(read)).as("seed %d", seed).isEqualTo(pairs(expected));
      if (!expected.isEmpty()) {
        assertThat(head.touches(ordinal, new TimeRange(expected.lastKey(), Long.MAX_VALUE)))
            .isTrue();
        assertThat(head.touches(ordinal, new TimeRange(0, expected.firstKey()))).isTrue();
      } else {
        assertThat(head.touches(ordinal, TimeRange.ALL)).isFalse();
      }
    }
  }

  /** A reader that captures between frames sees whole frames, in order, while they are written. */
  @Test
  void readersSeeAPrefixWhileTheWriterGoesOn() throws Exception {
    int series = 200;
    int frames = 1500;
    DayHead head = new DayHead(TENANT, DAY, 0, pool);
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService readers = Executors.newFixedThreadPool(2)) {
      List<Future<Integer>> checks = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        checks.add(
            readers.submit(() -> {
              int reads = 0;
              while (!done.get() || reads == 0) {
                readOnce(head);
                reads++;
              }
              return reads;
            }));
      }
      for (int frame = 0; frame < frames; frame++) {
        head.beginFrame(frame);
        for (int i = 0; i < series; i++) {
          append(head, labels(i), DAY.startMs() + frame * 1000L, frame * 0.5);
        }
        head.endFrame(DAY.startMs() + frame * 1000L, DAY.startMs() + frame * 1000L);
      }
      done.set(true);
      for (Future<Integer> check : checks) {
        assertThat(check.get()).isPositive();
      }
    }
    head.release();
    assertThat(pool.usedBytes()).isZero();
  }

  private static void readOnce(DayHead head) {
    int[] ordinals = head.select(List.of(Matcher.equal("group", "g1"))).toArray();
    long[] main = new long[ordinals.length];
    long[] side = new long[ordinals.length];
    head.capture(ordinals, ordinals.length, main, side);
    SampleBuffer read = new SampleBuffer();
    SampleBuffer spare = new SampleBuffer();
    for (int i = 0; i < ordinals.length; i++) {
      read.clear();
      head.read(main[i], side[i], DAY.startMs(), DAY.endMs(), read, spare);
      for (int at = 0; at < read.size; at++) {
        assertThat(read.timesMs[at]).isEqualTo(DAY.startMs() + at * 1000L);
        assertThat(read.values[at]).isEqualTo(at * 0.5);
      }
    }
  }

  @Test
  void memoryIsFreedAfterTheLastReader() {
    DayHead head = new DayHead(TENANT, DAY, 0, pool);
    head.beginFrame(1);
    append(head, labels(1), DAY.startMs(), 1);
    head.endFrame(DAY.startMs(), DAY.startMs());
    assertThat(head.tryRetain()).isTrue();
    head.release();
    assertThat(pool.usedBytes()).isPositive();
    SampleBuffer read = new SampleBuffer();
    head.read(head.publishedMain(0), 0, 0, Long.MAX_VALUE, read, new SampleBuffer());
    assertThat(read.size).isEqualTo(1);
    head.release();
    assertThat(pool.usedBytes()).isZero();
    assertThat(head.tryRetain()).isFalse();
  }

  @Test
  void chunksGoBackToTheSystem() {
    List<DayHead> heads = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      DayHead head = new DayHead(TENANT, DAY, 0, pool);
      head.beginFrame(1);
      for (int s = 0; s < 500; s++) {
        append(head, labels(s), DAY.startMs(), 1);
      }
      head.endFrame(DAY.startMs(), DAY.startMs());
      heads.add(head);
    }
    long peak = pool.reservedBytes();
    assertThat(budget.usedBytes(SlabPool.OWNER)).isEqualTo(peak + pool.heapBytes());
    heads.forEach(DayHead::release);
    assertThat(pool.reservedBytes()).isLessThan(peak / 2);
    assertThat(budget.usedBytes(SlabPool.OWNER)).isEqualTo(pool.reservedBytes());
  }

  @Test
  void labelsLargerThanAPageHavePagesOfTheirOwn() {
    DayHead head = new DayHead(TENANT, DAY, 0, pool);
    Labels large = Labels.of("__name__", "x", "big", "v".repeat(100_000));
    head.beginFrame(1);
    append(head, large, DAY.startMs(), 1);
    append(head, large, DAY.startMs() + 1, 2);
    head.endFrame(DAY.startMs(), DAY.startMs() + 1);
    assertThat(head.seriesCount()).isEqualTo(1);
    assertThat(head.labels(0).equals(large)).isTrue();
    head.release();
    assertThat(pool.usedBytes()).isZero();
  }

  private static void append(DayHead head, Labels labels, long time, double value) {
    byte[] bytes = labels.canonicalBytes();
    int ordinal = head.series(bytes, 0, bytes.length, SampleBatch.SERIES_HASH.hash64(bytes));
    head.append(ordinal, time, value);
  }

  private static Labels labels(int i) {
    return Labels.of("__name__", "m" + i % 7, "group", "g" + i % 3, "i", "" + i);
  }

  private static List<String> pairs(SampleBuffer samples) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < samples.size; i++) {
      pairs.add(samples.timesMs[i] + "=" + samples.values[i]);
    }
    return pairs;
  }

  private static List<String> pairs(Map<Long, Double> samples) {
    return samples.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }
}
