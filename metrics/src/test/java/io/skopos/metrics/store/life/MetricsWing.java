// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.life;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.MetricsStore;
import io.skopos.metrics.store.RandomHistograms;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.Sharding;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.part.Parts;
import io.skopos.testkit.life.LifeWing;
import io.skopos.testkit.life.StoreLife;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Samples, histograms and starts, as text to the bit. */
final class MetricsWing implements LifeWing<MetricsStore> {

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

  @Override
  public MetricsStore open(
      Sharding sharding,
      Parts parts,
      Manifests manifests,
      MemoryBudget memory,
      PrometheusRegistry registry) {
    return new MetricsStore(sharding, parts, manifests, memory, registry);
  }

  @Override
  public Filled fill(Random random, AtomicLong nowMs) {
    SampleBatch batch = new SampleBatch();
    List<Row> rows = new ArrayList<>();
    int from = random.nextInt(SERIES);
    for (int s = from; s < Math.min(SERIES, from + 1 + random.nextInt(6)); s++) {
      Labels labels =
          Labels.of("__name__", "m" + s % 5, GROUP, "g" + s % GROUPS, "series", "s" + s);
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
          rows.add(new Row(labels.toString(), time, text(histogram.sum(), histogram, start)));
        } else {
          double value =
              random.nextInt(10) == 0
                  ? SPECIAL[random.nextInt(SPECIAL.length)]
                  : s % 3 == 0 ? random.nextInt(1000) : random.nextDouble();
          batch.sample(time, value, start);
          rows.add(new Row(labels.toString(), time, text(value, null, start)));
        }
        time += 1 + random.nextInt(30_000);
      }
    }
    nowMs.addAndGet(random.nextInt(15_000));
    return new Filled(batch, rows);
  }

  @Override
  public Filled fill(int number, long[] timesMs) {
    SampleBatch batch = new SampleBatch();
    List<Row> rows = new ArrayList<>();
    Labels labels = Labels.of("__name__", "ends", "i", String.valueOf(number));
    batch.series(labels);
    for (long time : timesMs) {
      batch.sample(time, number + 0.5);
      rows.add(new Row(labels.toString(), time, text(number + 0.5, null, 0)));
    }
    return new Filled(batch, rows);
  }

  @Override
  public Answer read(MetricsStore store) {
    Answer answer = new Answer(new TreeMap<>(), new ArrayList<>());
    SampleBuffer samples = new SampleBuffer();
    try (SampleSource.Selection selection = ask(store)) {
      for (int i = 0; i < selection.size(); i++) {
        samples.clear();
        selection.read(i, Long.MIN_VALUE, Long.MAX_VALUE, samples);
        for (int at = 0; at < samples.size; at++) {
          NativeHistogram histogram = samples.histograms == null ? null : samples.histograms[at];
          long start = samples.startsMs == null ? 0 : samples.startsMs[at];
          answer.add(
              new Row(
                  selection.labels(i).toString(),
                  samples.timesMs[at],
                  text(samples.values[at], histogram, start)));
        }
      }
      answer.warnings().addAll(selection.warnings());
      return answer;
    }
  }

  @Override
  public SampleSource.Selection ask(MetricsStore store) {
    return store.select(StoreLife.TENANT, List.of(), TimeRange.ALL, QueryBudget.unlimited());
  }

  /** Two empty chunks are kept for heads. */
  @Override
  public Map<String, Long> keptMemory() {
    return Map.of("metrics.heads", 2L << 20);
  }

  /** To the bit. */
  private static String text(double value, @Nullable NativeHistogram histogram, long startMs) {
    return Long.toHexString(Double.doubleToRawLongBits(value))
        + (startMs == 0 ? "" : " from " + startMs)
        + (histogram == null
            ? ""
            : " " + RandomHistograms.text(RandomHistograms.withoutHint(histogram)));
  }
}
