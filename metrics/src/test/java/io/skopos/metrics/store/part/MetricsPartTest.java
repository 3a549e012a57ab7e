// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleAggregates;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.metrics.store.chunk.Columns;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.storage.Deletion;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.PartEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

class MetricsPartTest {

  private final long seed = System.nanoTime();
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

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

  /** Samples by time (raw bits), by series. */
  private static final class Model extends TreeMap<Labels, NavigableMap<Long, Long>> {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void readsBackWhatWasWritten() throws IOException {
    Model model = new Model();
    for (int i = 0; i < 600; i++) {
      add(model, series(i), samples(1 + random.nextInt(200)));
    }
    add(model, series(1_000), samples(30_000)); // many chunks, several pages
    add(model, series(1_001), samples(4_097));
    add(model, series(1_002), samples(2_048));
    MetricsPart part = parts.open(write(model, 1));
    assertThat(part.seriesCount()).isEqualTo(model.size());
    assertThat(part.sampleCount()).isEqualTo(model.values().stream().mapToInt(Map::size).sum());
    assertThat(part.heapBytes()).isLessThan(40_000);
    check(part, model);
  }

  private void check(MetricsPart part, Model model) throws IOException {
    try (MetricsPart.Scan scan = part.scan()) {
      SampleBuffer buffer = new SampleBuffer(4);
      int ordinal = 0;
      for (var series : model.entrySet()) {
        assertThat((Object) scan.labels(ordinal)).isEqualTo(series.getKey());
        NavigableMap<Long, Long> samples = series.getValue();
        assertThat(scan.range(ordinal))
            .isEqualTo(new TimeRange(samples.firstKey(), samples.lastKey()));
        buffer.clear();
        scan.read(ordinal, Long.MIN_VALUE, Long.MAX_VALUE, buffer);
        same(buffer, samples);
        long from =
            samples.firstKey() + random.nextLong(samples.lastKey() - samples.firstKey() + 2);
        long to = from + random.nextLong(samples.lastKey() - samples.firstKey() + 2);
        buffer.clear();
        scan.read(ordinal, from, to, buffer);
        same(buffer, samples.subMap(from, true, to, true));
        ordinal++;
      }
      for (int i = 0; i < 50; i++) { // not in order
        int any = random.nextInt(ordinal);
        assertThat((Object) scan.labels(any)).isEqualTo(new ArrayList<>(model.keySet()).get(any));
      }
    }
  }

  private void same(SampleBuffer buffer, NavigableMap<Long, Long> expected) {
    assertThat(buffer.size).as("seed %d", seed).isEqualTo(expected.size());
    int i = 0;
    for (var sample : expected.entrySet()) {
      if (buffer.timesMs[i] != sample.getKey()
          || Double.doubleToRawLongBits(buffer.values[i]) != sample.getValue()) {
        assertThat(buffer.timesMs[i] + " " + Double.doubleToRawLongBits(buffer.values[i]))
            .as("seed %d, sample %d", seed, i)
            .isEqualTo(sample.getKey() + " " + sample.getValue());
      }
      i++;
    }
  }

  @Test
  void selectsByLabelsAndByTime() throws IOException {
    Model model = new Model();
    for (int i = 0; i < 3_000; i++) {
      long start = 1_000_000L * (i % 7);
      NavigableMap<Long, Long> samples = new TreeMap<>();
      samples.put(start, 0L);
      samples.put(start + 10_000, 0L);
      add(model, series(i), samples);
    }
    MetricsPart part = parts.open(write(model, 1));
    List<Labels> all = new ArrayList<>(model.keySet());
    for (int i = 0; i < 50; i++) {
      long from = random.nextLong(7_000_000);
      TimeRange range = new TimeRange(from, from + random.nextLong(2_000_000));
      RoaringBitmap expected = new RoaringBitmap();
      for (int ordinal = 0; ordinal < all.size(); ordinal++) {
        NavigableMap<Long, Long> samples = requireNonNull(model.get(all.get(ordinal)));
        if (all.get(ordinal).getOrEmpty("mode").equals("m3")
            && range.overlaps(samples.firstKey(), samples.lastKey())) {
          expected.add(ordinal);
        }
      }
      assertThat(part.select(List.of(Matcher.equal("mode", "m3")), range))
          .as("seed %d, %s", seed, range)
          .isEqualTo(expected);
    }
    assertThat(part.select(List.of(), TimeRange.ALL).getCardinality()).isEqualTo(3_000);
    assertThat(part.select(List.of(), new TimeRange(8_000_000, 9_000_000)).isEmpty()).isTrue();
  }

  /** Aggregates and decoded samples together say the same as all samples decoded. */
  @Test
  void aggregatesStandForTheirChunks() throws IOException {
    Model model = new Model();
    for (int i = 0; i < 40; i++) {
      add(model, series(i), samples(i % 8, 500 + random.nextInt(9_000)));
    }
    MetricsPart part = parts.open(write(model, 1));
    int[] used = new int[1];
    try (MetricsPart.Scan scan = part.scan()) {
      int ordinal = 0;
      for (NavigableMap<Long, Long> all : model.values()) {
        long from = all.firstKey() + random.nextLong((all.lastKey() - all.firstKey()) / 4);
        long to = all.lastKey() - random.nextLong((all.lastKey() - all.firstKey()) / 4);
        SampleBuffer buffer = new SampleBuffer();
        scan.readAggregated(
            ordinal,
            from,
            to,
            (_, _) -> true,
            buffer,
            whole -> {
              used[0]++;
              check(whole, all);
              for (var sample :
                  all.subMap(whole.firstTimeMs(), true, whole.lastTimeMs(), true).entrySet()) {
                buffer.add(sample.getKey(), Double.longBitsToDouble(sample.getValue()));
              }
            });
        NavigableMap<Long, Long> expected = new TreeMap<>();
        all.subMap(from, true, to, true)
            .forEach((time, bits) -> {
              if (bits != StaleMarker.BITS) {
                expected.put(time, bits);
              }
            });
        SampleBuffer withoutStale = new SampleBuffer();
        for (int i = 0; i < buffer.size; i++) {
          if (!StaleMarker.is(buffer.values[i])) {
            withoutStale.add(buffer.timesMs[i], buffer.values[i]);
          }
        }
        same(withoutStale, expected);
        ordinal++;
      }
    }
    assertThat(used[0]).isGreaterThan(10);
  }

  private static void check(SampleAggregates whole, NavigableMap<Long, Long> all) {
    double[] values =
        all.subMap(whole.firstTimeMs(), true, whole.lastTimeMs(), true).values().stream()
            .mapToDouble(Double::longBitsToDouble)
            .filter(value -> !Double.isNaN(value))
            .toArray();
    double correction = 0;
    int resets = 0;
    double min = values[0];
    double max = values[0];
    for (int i = 1; i < values.length; i++) {
      boolean reset = values[i] < values[i - 1];
      resets += reset ? 1 : 0;
      correction += reset ? values[i - 1] : 0;
      min = Math.min(min, values[i]);
      max = Math.max(max, values[i]);
    }
    assertThat(whole.count()).isEqualTo(values.length);
    assertThat(whole.first()).isEqualTo(values[0]);
    assertThat(whole.last()).isEqualTo(values[values.length - 1]);
    assertThat(whole.min()).isEqualTo(min);
    assertThat(whole.max()).isEqualTo(max);
    assertThat(whole.resets()).isEqualTo(resets);
    assertThat(whole.correction()).isEqualTo(correction);
  }

  @Test
  void keepsMetadata() throws IOException {
    Map<String, MetricMetadata> expected = new HashMap<>();
    PartEntry entry;
    try (MetricsPartWriter writer = new MetricsPartWriter(parts.create())) {
      Labels labels = Labels.of("__name__", "up");
      writer.series(labels.canonicalBytes(), 0, labels.canonicalBytes().length);
      writer.samples(new long[] {1}, new double[] {1}, 0, 1);
      for (int i = 0; i < 1_000; i++) {
        MetricMetadata about = new MetricMetadata("counter", "How often é " + i + ".", "seconds");
        writer.metadata("family_" + i, about);
        expected.put("family_" + i, about);
      }
      entry = writer.finish(3, 4, 0);
    }
    Map<String, MetricMetadata> found = new HashMap<>();
    parts.open(entry).metadata(found::put);
    assertThat(found).isEqualTo(expected);
    assertThat(entry.minPosition()).isEqualTo(3);
    assertThat(entry.rows()).isEqualTo(1);
  }

  @Test
  void refusesWhatIsOutOfOrder() throws IOException {
    try (MetricsPartWriter writer = new MetricsPartWriter(parts.create())) {
      byte[] b = Labels.of("a", "b").canonicalBytes();
      writer.series(b, 0, b.length);
      assertThatThrownBy(() -> writer.samples(new long[] {2, 2}, new double[2], 0, 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sample at 2 follows one at 2");
    }
    try (MetricsPartWriter writer = new MetricsPartWriter(parts.create())) {
      byte[] b = Labels.of("a", "b").canonicalBytes();
      byte[] a = Labels.of("a", "a").canonicalBytes();
      writer.series(b, 0, b.length);
      writer.samples(new long[] {2}, new double[1], 0, 1);
      writer.series(a, 0, a.length);
      assertThatThrownBy(() -> writer.samples(new long[] {2}, new double[1], 0, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("does not sort behind");
    }
  }

  /** Random inputs, overlaps, duplicates and deletions, against a map of all samples. */
  @Test
  void mergesAsAMapWould() throws IOException {
    for (int round = 0; round < 6; round++) {
      List<MetricsPartMerger.Input> inputs = new ArrayList<>();
      List<DeletionEntry> deletions = new ArrayList<>();
      Model expected = new Model();
      int count = 1 + random.nextInt(5);
      for (int i = 1; i <= count; i++) {
        Model model = new Model();
        for (int j = 0; j < 200; j++) {
          if (random.nextInt(3) > 0) {
            int samples = random.nextInt(10) == 0 ? 3_000 : 1 + random.nextInt(50);
            add(model, series(j), samples(samples));
          }
        }
        PartEntry entry = write(model, i * 10L);
        inputs.add(new MetricsPartMerger.Input(parts.open(entry), entry));
        model.forEach((labels, samples) -> add(expected, labels, samples));
        if (random.nextBoolean()) {
          String mode = "m" + random.nextInt(6);
          long from = random.nextLong(40_000_000);
          TimeRange range = new TimeRange(from, from + random.nextLong(30_000_000));
          deletions.add(
              new DeletionEntry(
                  i * 10L + 1, new Deletion(List.of(Matcher.equal("mode", mode)), range)));
          expected.forEach((labels, samples) -> {
            if (labels.getOrEmpty("mode").equals(mode)) {
              samples.subMap(range.fromMs(), true, range.toMs(), true).clear();
            }
          });
        }
      }
      expected.values().removeIf(Map::isEmpty);
      PartEntry merged = requireNonNull(MetricsPartMerger.merge(inputs, deletions, parts.create()));
      assertThat(merged.maxPosition()).isEqualTo(count * 10L);
      assertThat(merged.level()).isEqualTo(1);
      check(parts.open(merged), expected);
    }
  }

  @Test
  void nothingIsLeftOfAWhollyDeletedPart() throws IOException {
    Model model = new Model();
    add(model, series(1), samples(10));
    PartEntry entry = write(model, 1);
    DeletionEntry all =
        new DeletionEntry(
            2, new Deletion(List.of(new Matcher(Matcher.Type.REGEX, "mode", ".*")), TimeRange.ALL));
    assertThat(
            MetricsPartMerger.merge(
                List.of(new MetricsPartMerger.Input(parts.open(entry), entry)),
                List.of(all),
                parts.create()))
        .isNull();
  }

  /** Small chunks of many parts become one, and a large chunk goes from part to part unchanged. */
  @Test
  void mergingMakesSmallChunksLarge() throws IOException {
    List<MetricsPartMerger.Input> inputs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Model model = new Model();
      NavigableMap<Long, Long> samples = new TreeMap<>();
      for (int j = 0; j < 120; j++) {
        samples.put((i * 120 + j) * 15_000L, Double.doubleToRawLongBits(i * 120 + j * 3));
      }
      add(model, series(1), samples);
      add(model, series(2), samples);
      PartEntry entry = write(model, i);
      inputs.add(new MetricsPartMerger.Input(parts.open(entry), entry));
    }
    PartEntry merged = requireNonNull(MetricsPartMerger.merge(inputs, List.of(), parts.create()));
    assertThat(parts.open(merged).chunkCount()).isEqualTo(2);
    int[] whole = new int[1];
    try (MetricsPart.Scan scan = parts.open(merged).scan()) {
      scan.readAggregated(
          0,
          Long.MIN_VALUE,
          Long.MAX_VALUE,
          (_, _) -> true,
          new SampleBuffer(),
          span -> whole[0] += span.count());
    }
    assertThat(whole[0]).isEqualTo(1200);
  }

  private PartEntry write(Model model, long position) throws IOException {
    try (MetricsPartWriter writer = new MetricsPartWriter(parts.create())) {
      for (var series : model.entrySet()) {
        byte[] labels = series.getKey().canonicalBytes();
        writer.series(labels, 0, labels.length);
        long[] times = series.getValue().keySet().stream().mapToLong(time -> time).toArray();
        double[] values =
            series.getValue().values().stream().mapToDouble(Double::longBitsToDouble).toArray();
        int cut = random.nextInt(times.length + 1);
        writer.samples(times, values, 0, cut);
        writer.samples(times, values, cut, times.length);
      }
      return writer.finish(position, position, 0);
    }
  }

  private static void add(Model model, Labels labels, NavigableMap<Long, Long> samples) {
    model.computeIfAbsent(labels, key -> new TreeMap<>()).putAll(samples);
  }

  private NavigableMap<Long, Long> samples(int count) {
    return samples(random.nextInt(Columns.SHAPES), count);
  }

  private NavigableMap<Long, Long> samples(int shape, int count) {
    double[] values = Columns.values(random, shape, count);
    boolean regular = random.nextBoolean();
    NavigableMap<Long, Long> samples = new TreeMap<>();
    long time = regular ? 1_000 : random.nextLong(1_000_000);
    for (int i = 0; i < count; i++) {
      long bits = Double.doubleToRawLongBits(values[i]);
      if (shape < 7 && random.nextInt(1_000) == 0) {
        bits = StaleMarker.BITS;
      }
      samples.put(time, bits);
      time += regular ? 15_000 : 1 + random.nextLong(30_000);
    }
    return samples;
  }

  private static Labels series(int number) {
    return Labels.of(
        "__name__",
        "metric_" + number % 13,
        "instance",
        "host-" + number / 20,
        "mode",
        "m" + number % 6,
        "number",
        Integer.toString(number));
  }
}
