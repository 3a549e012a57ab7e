// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.RandomHistograms;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.metrics.store.life.ExpectedSamples.Fate;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.WriteUnavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What happens in a life: samples in order, late, of other days and written over; histograms and
 * starts; deletions, flushes and merges. Notes in {@link ExpectedSamples} what must be there.
 */
final class LifeScript {

  private static final int GROUPS = 3;
  private static final int SERIES = 12;

  /** Values that codecs like to lose. */
  private static final double[] SPECIAL = {
    StaleMarker.VALUE,
    Double.longBitsToDouble(0x7ff8000000000abcL),
    Double.longBitsToDouble(0xfff4000000000001L),
    -0.0,
    Double.MIN_VALUE,
    -Double.MIN_NORMAL / 3,
    Double.NEGATIVE_INFINITY,
    Double.POSITIVE_INFINITY,
    Double.MAX_VALUE
  };

  final ExpectedSamples expected = new ExpectedSamples();
  private final Random random;
  private final AtomicLong nowMs;

  LifeScript(Random random, AtomicLong nowMs) {
    this.random = random;
    this.nowMs = nowMs;
  }

  /** Refusals of a failing disk are part of the script; everything else fails it. */
  void run(MetricsLife life, int steps) throws IOException {
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(12)) {
        case 0, 1 -> flush(life);
        case 2 -> delete(life);
        case 3 -> maintain(life);
        default -> write(life);
      }
    }
  }

  /** Several requests at once, as the log groups them. */
  void write(MetricsLife life) {
    List<SampleBatch> batches = new ArrayList<>();
    List<List<Row>> rows = new ArrayList<>();
    List<CompletableFuture<?>> answers = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      SampleBatch batch = new SampleBatch();
      List<Row> own = fill(batch);
      batches.add(batch);
      rows.add(own);
    }
    for (SampleBatch batch : batches) {
      answers.add(life.write(batch));
    }
    for (int i = 0; i < batches.size(); i++) {
      Fate fate = fate(answers.get(i));
      for (Row row : rows.get(i)) {
        expected.wrote(row.series(), row.timeMs(), row.text(), fate);
      }
    }
  }

  private record Row(String series, long timeMs, String text) {}

  private List<Row> fill(SampleBatch batch) {
    List<Row> rows = new ArrayList<>();
    int from = random.nextInt(SERIES);
    for (int s = from; s < Math.min(SERIES, from + 1 + random.nextInt(6)); s++) {
      Labels labels =
          Labels.of("__name__", "m" + s % 5, "group", "g" + s % GROUPS, "series", "s" + s);
      batch.series(labels);
      long time = nowMs.get() - random.nextInt(4) * 15_000L;
      if (random.nextInt(6) == 0) {
        time -= random.nextInt(3) * UtcDay.MILLIS;
      }
      for (int i = random.nextInt(6); i >= 0; i--) {
        long start = random.nextInt(8) == 0 ? time - 1000 : 0;
        if (s % 4 == 3) {
          NativeHistogram histogram = RandomHistograms.any(random);
          batch.histogram(time, histogram, start);
          rows.add(
              new Row(
                  labels.toString(), time, MetricsLife.text(histogram.sum(), histogram, start)));
        } else {
          double value =
              random.nextInt(10) == 0
                  ? SPECIAL[random.nextInt(SPECIAL.length)]
                  : s % 3 == 0 ? random.nextInt(1000) : random.nextDouble();
          batch.sample(time, value, start);
          rows.add(new Row(labels.toString(), time, MetricsLife.text(value, null, start)));
        }
        time += 1 + random.nextInt(30_000);
      }
    }
    nowMs.addAndGet(random.nextInt(15_000));
    return rows;
  }

  void delete(MetricsLife life) {
    String group = "g" + random.nextInt(GROUPS);
    TimeRange range =
        random.nextInt(3) == 0
            ? TimeRange.ALL
            : new TimeRange(nowMs.get() - 100_000, nowMs.get() - random.nextInt(50_000));
    Fate fate = fate(life.delete(List.of(Matcher.equal("group", group)), range));
    expected.deleted("\"" + group + "\"", range, fate);
  }

  /** A flush may fail when the disk does. */
  static void flush(MetricsLife life) {
    life.ground.flush().exceptionally(failed -> null).orTimeout(30, TimeUnit.SECONDS).join();
  }

  static void maintain(MetricsLife life) {
    try {
      life.ground.maintain();
    } catch (IOException e) {
      assertThat(e).as("there is no retention here, only removals fail").isNotNull();
    }
  }

  private static Fate fate(CompletableFuture<?> answer) {
    try {
      answer.orTimeout(30, TimeUnit.SECONDS).join();
      return Fate.DONE;
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(WriteUnavailable.class);
      assertThat(e).as("the reason").hasMessageMatching("(?s).*: .+");
      boolean unknown =
          e.getCause() instanceof WriteUnavailable unavailable && unavailable.fateUnknown();
      return unknown ? Fate.UNKNOWN : Fate.REFUSED;
    }
  }
}
