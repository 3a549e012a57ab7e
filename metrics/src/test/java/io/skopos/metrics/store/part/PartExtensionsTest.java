// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.RandomHistograms;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.Deletion;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.PartEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

/** Histograms, starts and exemplars beside floats, written, read and merged. */
class PartExtensionsTest {

  private static final int SERIES = 60;

  @TempDir private Path directory;
  private PartsOnDisk parts;

  @BeforeEach
  void open() throws IOException {
    parts = new PartsOnDisk(directory);
  }

  @AfterEach
  void close() {
    parts.close();
  }

  private record Sample(double value, @Nullable NativeHistogram histogram, long startMs) {}

  /** A series' samples by time, and its exemplars. */
  private static final class Series {
    final TreeMap<Long, Sample> samples = new TreeMap<>();
    final TreeSet<Exemplar> exemplars = new TreeSet<>(Exemplar.ORDER);

    boolean isEmpty() {
      return samples.isEmpty() && exemplars.isEmpty();
    }
  }

  @Test
  void readsBackWhatWasWritten() throws IOException {
    for (long seed = 1; seed <= 8; seed++) {
      Random random = new Random(seed);
      TreeMap<Labels, Series> model = model(random);
      MetricsPart part = parts.open(write(model, 1));
      assertThat(part.seriesCount()).isEqualTo(model.size());
      check(seed, part, model, random);
    }
  }

  @Test
  void mergesAsAMapWould() throws IOException {
    for (long seed = 1; seed <= 12; seed++) {
      Random random = new Random(seed);
      List<MetricsPartMerger.Input> inputs = new ArrayList<>();
      List<DeletionEntry> deletions = new ArrayList<>();
      TreeMap<Labels, Series> expected = new TreeMap<>();
      int count = 1 + random.nextInt(4);
      for (int i = 1; i <= count; i++) {
        TreeMap<Labels, Series> model = model(random);
        PartEntry entry = write(model, i * 10L);
        inputs.add(new MetricsPartMerger.Input(parts.open(entry), entry));
        model.forEach((labels, series) -> {
          Series own = expected.computeIfAbsent(labels, key -> new Series());
          own.samples.putAll(series.samples);
          own.exemplars.addAll(series.exemplars);
        });
        if (random.nextBoolean()) {
          delete(i, random, deletions, expected);
        }
      }
      expected.values().removeIf(Series::isEmpty);
      PartEntry merged = MetricsPartMerger.merge(inputs, deletions, parts.create());
      check(seed, parts.open(requireNonNull(merged)), expected, random);
    }
  }

  private static void delete(
      int i, Random random, List<DeletionEntry> deletions, TreeMap<Labels, Series> expected) {
    String mode = "m" + random.nextInt(3);
    long from = random.nextInt(4_000) * 1_000L;
    TimeRange range = new TimeRange(from, from + random.nextInt(4_000) * 1_000L);
    deletions.add(
        new DeletionEntry(i * 10L + 1, new Deletion(List.of(Matcher.equal("mode", mode)), range)));
    expected.forEach((labels, series) -> {
      if (labels.getOrEmpty("mode").equals(mode)) {
        series.samples.subMap(range.fromMs(), true, range.toMs(), true).clear();
        series.exemplars.removeIf(exemplar -> range.contains(exemplar.timeMs()));
      }
    });
  }

  private static TreeMap<Labels, Series> model(Random random) {
    TreeMap<Labels, Series> model = new TreeMap<>();
    for (int i = 0; i < SERIES; i++) {
      Series series = new Series();
      int shape = random.nextInt(6);
      int count = shape == 5 ? 0 : random.nextInt(12) == 0 ? 2_600 : random.nextInt(60);
      long time = random.nextInt(1_000) * 1_000L;
      NativeHistogram histogram = RandomHistograms.any(random);
      for (int j = 0; j < count; j++) {
        time += 1_000;
        long start = random.nextInt(4) == shape ? time - random.nextInt(3) : 0;
        if (random.nextInt(4) < shape) {
          histogram = RandomHistograms.later(histogram, random);
          series.samples.put(time, new Sample(histogram.sum(), histogram, start));
        } else {
          series.samples.put(time, new Sample(random.nextInt(100), null, start));
        }
      }
      for (int j = shape < 2 ? 0 : random.nextInt(20); j > 0; j--) {
        series.exemplars.add(RandomHistograms.exemplar(random, random.nextInt(4_000) * 1_000L));
      }
      if (!series.isEmpty()) {
        model.put(
            Labels.of("__name__", "m", "mode", "m" + i % 3, "number", "%03d".formatted(i)), series);
      }
    }
    return model;
  }

  private PartEntry write(Map<Labels, Series> model, long position) throws IOException {
    try (MetricsPartWriter writer = new MetricsPartWriter(parts.create())) {
      for (var entry : model.entrySet()) {
        byte[] labels = entry.getKey().canonicalBytes();
        writer.series(labels, 0, labels.length);
        SampleBuffer samples = new SampleBuffer(4);
        entry
            .getValue()
            .samples
            .forEach((time, sample) ->
                samples.add(time, sample.value, sample.histogram, sample.startMs));
        writer.samples(samples);
        writer.exemplars(List.copyOf(entry.getValue().exemplars));
      }
      return writer.finish(position, position, 0);
    }
  }

  private static void check(
      long seed, MetricsPart part, TreeMap<Labels, Series> model, Random random)
      throws IOException {
    SampleBuffer buffer = new SampleBuffer(4);
    TreeMap<Integer, TreeSet<Exemplar>> expectedExemplars = new TreeMap<>();
    TreeMap<Integer, TreeSet<Exemplar>> foundExemplars = new TreeMap<>();
    TimeRange range = new TimeRange(500_000, 500_000 + random.nextInt(4_000) * 1_000L);
    RoaringBitmap asked = new RoaringBitmap();
    try (MetricsPart.Scan scan = part.scan()) {
      int ordinal = 0;
      for (var series : model.entrySet()) {
        assertThat((Object) scan.labels(ordinal)).isEqualTo(series.getKey());
        TreeMap<Long, Sample> samples = series.getValue().samples;
        long from = random.nextBoolean() ? Long.MIN_VALUE : random.nextInt(4_000) * 1_000L;
        long to = random.nextBoolean() ? Long.MAX_VALUE : random.nextInt(4_000) * 1_000L;
        buffer.clear();
        buffer.add(0, 0);
        if (from <= to) {
          scan.read(ordinal, from, to, buffer);
          assertThat(texts(buffer))
              .as("seed %d, %s", seed, series.getKey())
              .isEqualTo(texts(samples.subMap(from, true, to, true)));
        }
        if (random.nextBoolean()) {
          asked.add(ordinal);
          for (Exemplar exemplar : series.getValue().exemplars) {
            if (range.contains(exemplar.timeMs())) {
              expectedExemplars
                  .computeIfAbsent(ordinal, key -> new TreeSet<>(Exemplar.ORDER))
                  .add(exemplar);
            }
          }
        }
        ordinal++;
      }
      scan.exemplars(
          asked,
          range,
          (exemplar, of) ->
              assertThat(
                      foundExemplars
                          .computeIfAbsent(of, key -> new TreeSet<>(Exemplar.ORDER))
                          .add(exemplar))
                  .isTrue());
    }
    assertThat(foundExemplars).as("seed %d", seed).isEqualTo(expectedExemplars);
  }

  private static List<String> texts(Map<Long, Sample> samples) {
    SampleBuffer buffer = new SampleBuffer(4);
    buffer.add(0, 0);
    samples.forEach(
        (time, sample) -> buffer.add(time, sample.value, sample.histogram, sample.startMs));
    return texts(buffer);
  }

  private static List<String> texts(SampleBuffer samples) {
    List<String> texts = new ArrayList<>();
    for (int i = 1; i < samples.size; i++) {
      NativeHistogram histogram = samples.histograms == null ? null : samples.histograms[i];
      texts.add(
          samples.timesMs[i]
              + (samples.startsMs == null ? " 0 " : " " + samples.startsMs[i] + " ")
              + (histogram == null
                  ? samples.values[i]
                  : RandomHistograms.text(RandomHistograms.withoutHint(histogram))));
    }
    return texts;
  }
}
