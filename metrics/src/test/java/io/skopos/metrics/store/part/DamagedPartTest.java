// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.RandomHistograms;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.chunk.Columns;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.index.LabelSelection;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.part.DamagedPart;
import io.skopos.testkit.storage.PartInMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

class DamagedPartTest {

  private static final int SERIES = 3_000;

  private final long seed = System.nanoTime();
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  /** Whatever byte is changed behind the checksums' back: an answer or a DamagedPart. */
  @Test
  void changedBytesAreAnsweredOrRefused() throws IOException {
    PartInMemory sound = part(new PartInMemory(), 200, 60);
    int refused = 0;
    for (int round = 0; round < 600; round++) {
      PartInMemory damaged = new PartInMemory(sound.pages().clone(), sound.footer().clone());
      byte[] target = round % 2 == 0 ? damaged.footer() : damaged.pages();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        target[random.nextInt(target.length)] = (byte) random.nextInt();
      }
      try {
        readEverything(damaged);
      } catch (DamagedPart e) {
        refused++;
        assertThat(e).as("seed %d", seed).hasMessageContaining("memory");
      }
    }
    assertThat(refused).as("seed %d", seed).isBetween(60, 599);
  }

  /** Opens, asks and reads. */
  static void readEverything(PartInMemory part) throws IOException {
    MetricsPart open = MetricsPart.open(part);
    int most = Math.min(open.seriesCount(), 1_000);
    LabelSelection.select(
        open.labelIndex(),
        List.of(
            new Matcher(Matcher.Type.REGEX, "mode", "m[1-3]|x.*"),
            new Matcher(Matcher.Type.NOT_EQUAL, "instance", "host-3")));
    LabelSelection.labelNames(
        open.labelIndex(),
        open.select(List.of(Matcher.equal("mode", "m1")), new TimeRange(2_000_000, 3_000_000)),
        name -> {});
    open.metadata((family, about) -> {});
    SampleBuffer buffer = new SampleBuffer();
    try (MetricsPart.Scan scan = open.scan()) {
      for (int ordinal = 0; ordinal < most; ordinal++) {
        assertThat(scan.labels(ordinal).toMap()).doesNotContainValue("");
        scan.range(ordinal);
        buffer.clear();
        scan.readAggregated(
            ordinal,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            (_, _) -> true,
            buffer,
            whole -> buffer.add(0, whole.sum()));
        for (int i = 0; buffer.histograms != null && i < buffer.size; i++) {
          if (buffer.histograms[i] != null) {
            assertThat(buffer.histograms[i].schema()).isBetween(-53, 8);
          }
        }
      }
      scan.exemplars(
          RoaringBitmap.bitmapOfRange(0, most),
          TimeRange.ALL,
          (exemplar, ordinal) -> assertThat(exemplar.labels().size()).isNotNegative());
    }
  }

  private PartInMemory part(PartInMemory part, int series, int samples) throws IOException {
    MetricsPartWriter writer = new MetricsPartWriter(part);
    write(writer, series, samples);
    return part;
  }

  private PartEntry write(MetricsPartWriter writer, int series, int samples) throws IOException {
    for (int i = 0; i < series; i++) {
      byte[] labels =
          Labels.of(
                  "__name__",
                  "metric",
                  "a",
                  "%05d".formatted(i),
                  "instance",
                  "host-" + i % 9,
                  "mode",
                  "m" + i % 5)
              .canonicalBytes();
      writer.series(labels, 0, labels.length);
      int count = i % 50 == 7 ? 5_000 : samples;
      long[] times = new long[count];
      for (int j = 0; j < count; j++) {
        times[j] = 1_000_000L + i % 3 + j * 15_000L;
      }
      if (i % 5 == 3) {
        writeExtensions(writer, times);
      } else {
        writer.samples(times, Columns.values(random, i % Columns.SHAPES, count), 0, count);
      }
    }
    writer.metadata("metric", new MetricMetadata("gauge", "help", ""));
    return writer.finish(1, 1, 0);
  }

  private void writeExtensions(MetricsPartWriter writer, long[] times) throws IOException {
    SampleBuffer samples = new SampleBuffer();
    List<Exemplar> exemplars = new ArrayList<>();
    NativeHistogram histogram = RandomHistograms.any(random);
    for (long time : times) {
      histogram = RandomHistograms.later(histogram, random);
      samples.add(time, histogram.sum(), histogram, random.nextInt(3));
      exemplars.add(RandomHistograms.exemplar(random, time));
    }
    writer.samples(samples);
    writer.exemplars(exemplars);
  }

  /** A page that fails its checksum takes its own series with it and no other. */
  @Test
  void aBadPageIsNamedAndOthersStayReadable(@TempDir Path directory) throws IOException {
    PartEntry entry;
    try (PartsOnDisk parts = new PartsOnDisk(directory)) {
      entry = write(new MetricsPartWriter(parts.create()), SERIES, 120);
    }
    Path file;
    try (Stream<Path> files = Files.walk(directory)) {
      file = files.filter(path -> path.toString().endsWith(".part")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    try (PartsOnDisk parts = new PartsOnDisk(directory)) {
      MetricsPart part = parts.open(entry);
      int middle = part.footer().values.count() / 2;
      bytes[(int) part.footer().values.ref(middle).offset() + 100] ^= 1;
      Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);
      int read = 0;
      int refused = 0;
      SampleBuffer buffer = new SampleBuffer();
      try (MetricsPart.Scan scan = part.scan()) {
        for (int ordinal = 0; ordinal < SERIES; ordinal++) {
          buffer.clear();
          try {
            scan.read(ordinal, Long.MIN_VALUE, Long.MAX_VALUE, buffer);
            read++;
          } catch (DamagedPart e) {
            assertThat(e).hasMessageContaining(file.getFileName().toString());
            refused++;
          }
        }
      }
      assertThat(refused).isBetween(1, SERIES / 2);
      assertThat(read).isEqualTo(SERIES - refused);
    }
  }

  @Test
  void aLaterFormatIsRefusedByName() throws IOException {
    PartInMemory part = part(new PartInMemory(), 3, 3);
    part.footer()[0] = 9;
    assertThatThrownBy(() -> MetricsPart.open(part))
        .isInstanceOf(DamagedPart.class)
        .hasMessageContaining("format 9 is not 2");
  }
}
