// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.RandomHistograms;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.storage.Deletion;
import io.skopos.storage.memory.MemoryBudget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** Histograms, starts and exemplars beside floats. */
class HeadExtensionsTest {

  private static final UtcDay DAY = UtcDay.parse("1970-01-03");

  private final SlabPool pool = new SlabPool(new MemoryBudget(1L << 30));
  private final List<DayHead> heads = new ArrayList<>();

  private DayHead head() {
    DayHead head = new DayHead(new TenantId("acme"), DAY, 0, pool);
    heads.add(head);
    return head;
  }

  @AfterEach
  void everythingIsFreed() {
    heads.forEach(DayHead::release);
    assertThat(pool.usedBytes()).isZero();
    assertThat(pool.heapBytes()).isZero();
  }

  @Test
  void agreesWithAPlainMapWhateverComes() {
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      DayHead head = head();
      Map<Integer, TreeMap<Long, String>> model = new TreeMap<>();
      Map<Integer, NativeHistogram> latest = new HashMap<>();
      int floats = random.nextInt(4);
      for (int round = 0; round < 120; round++) {
        head.beginFrame(round);
        for (int i = 0; i < 12; i++) {
          long time =
              DAY.startMs() + (random.nextInt(10) == 0 ? random.nextInt(120) : round) * 60_000L;
          int ordinal = series(head, i);
          long start =
              random.nextInt(3) > 0 ? 0 : random.nextBoolean() ? time - 5 : random.nextInt(9);
          SampleBuffer sample = new SampleBuffer(1);
          if (random.nextInt(4) < floats) {
            double value = random.nextInt(100) / 4.0;
            sample.add(time, value, null, start);
            if (start == 0 && random.nextBoolean()) {
              head.append(ordinal, time, value);
            } else {
              head.append(ordinal, time, value, null, start);
            }
          } else {
            NativeHistogram histogram =
                latest.containsKey(i)
                    ? RandomHistograms.later(latest.get(i), random)
                    : RandomHistograms.any(random);
            latest.put(i, histogram);
            sample.add(time, histogram.sum(), histogram, start);
            head.append(ordinal, time, histogram.sum(), histogram, start);
          }
          model.computeIfAbsent(i, key -> new TreeMap<>()).put(time, text(sample, 0));
        }
        head.endFrame(DAY.startMs(), DAY.endMs());
        if (random.nextInt(25) == 0) {
          delete(head, model, random);
        }
      }
      check(seed, head, model, random);
    }
  }

  private static void delete(
      DayHead head, Map<Integer, TreeMap<Long, String>> model, Random random) {
    long from = DAY.startMs() + random.nextInt(120) * 60_000L;
    TimeRange range = new TimeRange(from, from + random.nextInt(20) * 60_000L);
    int gone = random.nextInt(12);
    head.delete(new Deletion(List.of(Matcher.equal("i", "" + gone)), range));
    model
        .getOrDefault(gone, new TreeMap<>())
        .subMap(range.fromMs(), true, range.toMs(), true)
        .clear();
  }

  private static void check(
      long seed, DayHead head, Map<Integer, TreeMap<Long, String>> model, Random random) {
    SampleBuffer read = new SampleBuffer();
    SampleBuffer spare = new SampleBuffer();
    model.forEach((i, samples) -> {
      int ordinal = series(head, i);
      long from = DAY.startMs() + random.nextInt(120) * 60_000L;
      long to = random.nextBoolean() ? DAY.endMs() : from + random.nextInt(60) * 60_000L;
      from = random.nextBoolean() ? DAY.startMs() : from;
      read.clear();
      head.read(head.publishedMain(ordinal), head.publishedSide(ordinal), from, to, read, spare);
      List<String> found = new ArrayList<>();
      for (int at = 0; at < read.size; at++) {
        found.add(text(read, at));
        checkHint(read, at, from);
      }
      assertThat(found)
          .as("seed %d, series %d", seed, i)
          .isEqualTo(List.copyOf(samples.subMap(from, true, to, true).values()));
    });
  }

  /** "No reset" may only stand where the sample before is a histogram that agrees. */
  private static void checkHint(SampleBuffer read, int at, long from) {
    NativeHistogram histogram = read.histograms == null ? null : read.histograms[at];
    if (histogram != null && histogram.resetHint() == ResetHint.NO_RESET && at > 0) {
      NativeHistogram before = Objects.requireNonNull(read.histograms)[at - 1];
      assertThat(before).isNotNull();
      assertThat(before.isGauge()).isFalse();
      assertThat(before.schema()).isEqualTo(histogram.schema());
      assertThat(histogram.count()).isGreaterThanOrEqualTo(before.count());
    }
  }

  private static String text(SampleBuffer samples, int at) {
    NativeHistogram histogram = samples.histograms == null ? null : samples.histograms[at];
    return samples.timesMs[at]
        + (samples.startsMs == null ? " 0 " : " " + samples.startsMs[at] + " ")
        + (histogram == null
            ? samples.values[at]
            : RandomHistograms.text(
                RandomHistograms.withoutHint(histogram)
                    .withResetHint(histogram.isGauge() ? ResetHint.GAUGE : ResetHint.UNKNOWN)));
  }

  @Test
  void resetsAreSeenAsTheyCome() {
    DayHead head = head();
    int ordinal = series(head, 1);
    head.beginFrame(1);
    append(head, ordinal, 0, counter(new int[] {0, 2}, 1, 5));
    append(head, ordinal, 1, counter(new int[] {0, 2}, 1, 7));
    append(head, ordinal, 2, counter(new int[] {-2, 1, 1, 3}, 4, 1, 7, 2)); // more buckets
    append(head, ordinal, 3, counter(new int[] {0, 2}, 9, 9)); // a populated bucket is gone
    append(head, ordinal, 4, counter(new int[] {0, 2}, 9, 8)); // a bucket fell
    append(head, ordinal, 5, counter(new int[] {0, 2}, 9, 8).withResetHint(ResetHint.GAUGE));
    append(head, ordinal, 6, counter(new int[] {0, 2}, 9, 9));
    append(head, ordinal, 7, counter(new int[] {0, 2}, 9, 9));
    head.append(ordinal, DAY.startMs() + 8, 3);
    append(head, ordinal, 9, counter(new int[] {0, 2}, 9, 9));
    append(head, ordinal, 10, counter(new int[] {0, 2}, 10, 9).withResetHint(ResetHint.RESET));
    append(head, ordinal, 11, counter(new int[] {0, 2}, 10, 9));
    append(head, ordinal, 11, counter(new int[] {0, 2}, 11, 9)); // instead of the one before
    head.endFrame(DAY.startMs(), DAY.startMs() + 11);
    assertThat(hints(head, ordinal, 0))
        .containsExactly(
            "UNKNOWN",
            "NO_RESET",
            "NO_RESET",
            "UNKNOWN",
            "UNKNOWN",
            "GAUGE",
            "UNKNOWN",
            "NO_RESET",
            "-",
            "UNKNOWN",
            "RESET",
            "UNKNOWN");
    assertThat(hints(head, ordinal, 7).getFirst()).isEqualTo("NO_RESET");
    head.beginFrame(2);
    append(head, ordinal, 1, counter(new int[] {0, 2}, 1, 6)); // late
    head.endFrame(DAY.startMs(), DAY.startMs() + 11);
    assertThat(hints(head, ordinal, 0)).startsWith("UNKNOWN", "UNKNOWN", "UNKNOWN", "UNKNOWN");
    head.delete(
        new Deletion(
            List.of(Matcher.equal("i", "1")), new TimeRange(DAY.startMs() + 6, DAY.startMs() + 6)));
    assertThat(hints(head, ordinal, 7).getFirst()).isEqualTo("UNKNOWN");
  }

  private static List<String> hints(DayHead head, int ordinal, int from) {
    SampleBuffer read = new SampleBuffer();
    head.read(
        head.publishedMain(ordinal),
        head.publishedSide(ordinal),
        DAY.startMs() + from,
        DAY.endMs(),
        read,
        new SampleBuffer());
    List<String> hints = new ArrayList<>();
    for (int i = 0; i < read.size; i++) {
      NativeHistogram histogram = read.histograms == null ? null : read.histograms[i];
      hints.add(histogram == null ? "-" : histogram.resetHint().name());
    }
    return hints;
  }

  private static void append(DayHead head, int ordinal, int time, NativeHistogram histogram) {
    head.append(ordinal, DAY.startMs() + time, histogram.sum(), histogram, 0);
  }

  private static NativeHistogram counter(int[] spans, double... counts) {
    double count = 0;
    for (double one : counts) {
      count += one;
    }
    return new NativeHistogram(
        0,
        true,
        ResetHint.UNKNOWN,
        0.001,
        0,
        count,
        1,
        new Buckets(spans, counts),
        Buckets.NONE,
        NativeHistogram.NO_CUSTOM_VALUES);
  }

  @Test
  void aSteadyHistogramTakesFewBytes() {
    DayHead head = head();
    Random random = new Random(4);
    double[] counts = new double[160];
    int ordinal = series(head, 1);
    long before = head.bytes();
    double count = 0;
    for (int i = 0; i < 2_000; i++) {
      counts = counts.clone();
      for (int observed = 0; observed < 100; observed++) {
        counts[(int) Math.min(159, Math.max(0, 80 + 20 * random.nextGaussian()))]++;
        count++;
      }
      NativeHistogram histogram = counter(new int[] {0, 160}, counts);
      assertThat(histogram.count()).isEqualTo(count);
      head.append(ordinal, DAY.startMs() + i * 15_000L, i, histogram, DAY.startMs() - 77);
    }
    assertThat((head.bytes() - before) / 2_000).isLessThan(110);
  }

  @Test
  void readersSeeAPrefixWhileTheWriterGoesOn() throws Exception {
    DayHead head = head();
    int ordinal = series(head, 1);
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService readers = Executors.newFixedThreadPool(2)) {
      List<Future<Integer>> checks = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        checks.add(
            readers.submit(() -> {
              int reads = 0;
              while (!done.get() || reads == 0) {
                readOnce(head, ordinal);
                reads++;
              }
              return reads;
            }));
      }
      for (int i = 0; i < 4_000; i++) {
        head.beginFrame(i);
        if (i % 7 == 6) {
          head.append(ordinal, DAY.startMs() + i, i);
        } else {
          NativeHistogram histogram = counter(new int[] {i / 500, 3}, i, i / 2, 3);
          head.append(ordinal, DAY.startMs() + i, 1, histogram, 1000 + i / 10);
        }
        head.exemplar(ordinal, new Exemplar(Labels.EMPTY, i, DAY.startMs() + i));
        head.endFrame(DAY.startMs() + i, DAY.startMs() + i);
      }
      done.set(true);
      for (Future<Integer> check : checks) {
        assertThat(check.get()).isPositive();
      }
    }
  }

  private static void readOnce(DayHead head, int ordinal) {
    SampleBuffer read = new SampleBuffer();
    head.read(head.publishedMain(ordinal), 0, DAY.startMs(), DAY.endMs(), read, new SampleBuffer());
    for (int i = 0; i < read.size; i++) {
      NativeHistogram histogram = read.histograms == null ? null : read.histograms[i];
      assertThat(read.timesMs[i]).isEqualTo(DAY.startMs() + i);
      if (i % 7 == 6) {
        assertThat(histogram).isNull();
        assertThat(Objects.requireNonNull(read.startsMs)[i]).isZero();
      } else {
        assertThat(Objects.requireNonNull(histogram).positive().counts())
            .containsExactly(i, i / 2, 3);
        assertThat(Objects.requireNonNull(read.startsMs)[i]).isEqualTo(1000 + i / 10);
      }
    }
    List<Double> values = new ArrayList<>();
    head.exemplars(
        TimeRange.ALL, RoaringBitmap.bitmapOf(ordinal), (one, of) -> values.add(one.value()));
    for (int i = 0; i < values.size(); i++) {
      assertThat(values.get(i)).isEqualTo(i);
    }
  }

  @Test
  void exemplarsAreKeptOnceAndBounded() {
    DayHead head = head();
    int first = series(head, 1);
    int second = series(head, 2);
    long start = DAY.startMs();
    for (int round = 0; round < 3; round++) {
      head.beginFrame(round);
      for (int i = 0; i < 5; i++) {
        assertThat(head.exemplar(first, exemplar(i, start + i))).isTrue();
        assertThat(head.exemplar(second, exemplar(i, start + i))).isTrue();
      }
      head.endFrame(start, start + 5);
    }
    assertThat(exemplars(head, TimeRange.ALL, first)).hasSize(5);
    assertThat(exemplars(head, new TimeRange(start + 1, start + 2), first, second)).hasSize(4);
    head.delete(
        new Deletion(List.of(Matcher.equal("i", "1")), new TimeRange(start + 1, start + 3)));
    assertThat(exemplars(head, TimeRange.ALL, first))
        .containsExactly(exemplar(0, start), exemplar(4, start + 4));
    assertThat(head.exemplar(first, exemplar(2, start + 2))).isTrue();
    assertThat(exemplars(head, TimeRange.ALL, first)).hasSize(3);
    int kept = 3;
    for (int i = 0; i < 2 * HeadExemplars.MAX_PER_SERIES; i++) {
      kept += head.exemplar(first, exemplar(i, start + 1_000 + i)) ? 1 : 0;
    }
    assertThat(kept).isEqualTo(HeadExemplars.MAX_PER_SERIES);
    assertThat(exemplars(head, TimeRange.ALL, first)).hasSize(HeadExemplars.MAX_PER_SERIES);
    assertThat(head.exemplar(second, exemplar(99, start + 9))).isTrue();
  }

  private static List<Exemplar> exemplars(DayHead head, TimeRange range, int... ordinals) {
    List<Exemplar> found = new ArrayList<>();
    head.exemplars(range, RoaringBitmap.bitmapOf(ordinals), (one, ordinal) -> found.add(one));
    return found;
  }

  private static Exemplar exemplar(int i, long timeMs) {
    return new Exemplar(Labels.of("trace_id", "t" + i), i, timeMs);
  }

  private static int series(DayHead head, int i) {
    byte[] bytes = Labels.of("__name__", "m", "i", "" + i).canonicalBytes();
    return head.series(bytes, 0, bytes.length, SampleBatch.SERIES_HASH.hash64(bytes));
  }
}
