// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Labels;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.pages.PageCache;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PartWriter;
import io.skopos.storage.part.StoredParts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelIndexReaderTest extends LabelIndexContract {

  private static final UtcDay DAY = new UtcDay(20_000);

  @TempDir private Path directory;
  private DirectoryObjectStore objects;
  private PageCache cache;
  private StoredParts parts;

  @BeforeEach
  void open() throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    MemoryBudget budget = new MemoryBudget(64 << 20);
    objects = new DirectoryObjectStore(new RealDisk(), directory, registry);
    cache = new PageCache(16 << 20, budget, registry);
    parts =
        new StoredParts(
            objects,
            cache,
            1 << 20,
            budget,
            new DamagedFiles(InstantSource.system(), registry),
            InstantSource.system(),
            registry);
  }

  @AfterEach
  void close() {
    parts.close();
    cache.close();
    objects.close();
  }

  @Override
  LabelIndexReader index(List<Labels> series) throws IOException {
    PartEntry entry;
    try (PartWriter part = parts.create(TenantId.ANONYMOUS, Signal.METRICS, DAY, List.of())) {
      LabelIndexWriter writer = new LabelIndexWriter(part);
      for (Labels labels : series) {
        writer.add(labels.canonicalBytes(), 0, labels.canonicalBytes().length);
      }
      ByteWriter footer = new ByteWriter(256);
      writer.finish(footer);
      entry = part.finish(footer.toByteArray(), new PartWriter.Summary(1, 0, 0, 0, 0, 0));
    }
    PartReader reader = parts.open(TenantId.ANONYMOUS, Signal.METRICS, DAY, entry);
    byte[] footer = reader.footer();
    return LabelIndexReader.open(reader, new ByteReader(footer, 0, footer.length));
  }

  @Test
  void labelSetsComeBackInAnyOrder() throws IOException {
    List<Labels> series = series(RandomGeneratorFactory.of("L64X128MixRandom").create(1), 3_000);
    LabelIndexReader index = index(series);
    try (SeriesLabels labels = index.labels()) {
      for (int ordinal = 0; ordinal < series.size(); ordinal++) {
        assertThat(labels.canonical(ordinal)).isEqualTo(series.get(ordinal).canonicalBytes());
      }
      for (int step = 0; step < 1_000; step++) {
        int ordinal = (int) (step * 7_919L % series.size());
        assertThat(labels.canonical(ordinal)).isEqualTo(series.get(ordinal).canonicalBytes());
      }
    }
  }

  @Test
  void namesAndValuesAreSorted() throws IOException {
    List<Labels> series = series(RandomGeneratorFactory.of("L64X128MixRandom").create(2), 3_000);
    LabelIndexReader index = index(series);
    List<String> names = new ArrayList<>();
    LabelSelection.labelNames(index, LabelSelection.select(index, List.of()), names::add);
    assertThat(names).isSorted();
    List<String> values = new ArrayList<>();
    LabelSelection.labelValues(index, "mode", LabelSelection.select(index, List.of()), values::add);
    assertThat(values).hasSizeGreaterThan(500).isSorted();
  }

  /** Lists long enough that runs and gaps take turns in being shorter. */
  @Test
  void longPostingsComeBack() throws IOException {
    List<Labels> series = new ArrayList<>();
    for (int i = 0; i < 70_000; i++) {
      String kind = i % 5_000 < 3_000 ? "runs" : i % 2 == 0 ? "even" : "odd";
      // One long run, then ordinals that gaps tell in half the bytes of runs.
      String mixed = i < 3_000 || i % 2 == 0 ? "yes" : "no";
      series.add(Labels.of("a", "%06d".formatted(i), "kind", kind, "mixed", mixed));
    }
    LabelIndexReader index = index(series);
    for (String kind : List.of("runs", "even", "odd")) {
      check(index, series, "kind", kind);
    }
    check(index, series, "mixed", "yes");
    check(index, series, "mixed", "no");
  }

  private static void check(LabelIndexReader index, List<Labels> series, String name, String value)
      throws IOException {
    int[] count = new int[1];
    index
        .postings(name.getBytes(UTF_8), value.getBytes(UTF_8))
        .forEach((int ordinal) -> {
          count[0]++;
          assertThat(series.get(ordinal).getOrEmpty(name)).isEqualTo(value);
        });
    assertThat(count[0])
        .isEqualTo((int) series.stream().filter(l -> l.getOrEmpty(name).equals(value)).count());
  }

  /** The worked example of docs/formats/label-index.md. */
  @Test
  void postingsAreAsDocumented() {
    assertThat(postings(3, 4, 5, 9)).isEqualTo("000203020300");
    assertThat(postings(1, 3, 6)).isEqualTo("0103010102");
  }

  private static String postings(int... ordinals) {
    PostingsList list = new PostingsList();
    for (int ordinal : ordinals) {
      list.add(ordinal);
    }
    ByteWriter out = new ByteWriter(16);
    new PostingsCodec().encode(list, out);
    return HexFormat.of().formatHex(out.toByteArray());
  }
}
