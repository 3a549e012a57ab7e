// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.tsdb.chunk.EncodedChunk;
import io.skopos.metrics.tsdb.chunk.SeriesChunks;
import io.skopos.model.Labels;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read back by the reader that reads the peers' blocks. */
class BlockWriterTest {

  private static final long START = 1_767_225_600_000L;
  private static final long HOURS_2 = 7_200_000;

  @Test
  void blocksComeBack(@TempDir Path folder) throws Exception {
    Map<Labels, SampleBuffer> series = new TreeMap<>();
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      SampleBuffer samples = new SampleBuffer();
      for (int j = 0; j < 1 + random.nextInt(480); j++) {
        if (i % 10 == 0) {
          Buckets buckets = new Buckets(new int[] {i, 2}, new double[] {j, 2 * j});
          samples.add(
              START + j * 15_000L,
              j,
              new NativeHistogram(
                  2,
                  true,
                  ResetHint.UNKNOWN,
                  0,
                  0,
                  3 * j,
                  j,
                  buckets,
                  Buckets.NONE,
                  NativeHistogram.NO_CUSTOM_VALUES),
              0);
        } else {
          samples.add(START + j * 15_000L, random.nextGaussian());
        }
      }
      series.put(
          Labels.of("__name__", "m" + i % 7, "i", Integer.toString(i), "ü", "\uD83D\uDE00" + i % 3),
          samples);
    }
    Path block;
    try (BlockWriter writer = new BlockWriter(folder, START, START + HOURS_2, 0)) {
      for (Map.Entry<Labels, SampleBuffer> one : series.entrySet()) {
        writer.add(one.getKey(), chunks(one.getValue()));
      }
      block = Objects.requireNonNull(writer.finish());
    }
    assertThat(BlockFolder.find(folder, problem -> {})).containsExactly(block);
    BlockMeta meta = BlockMeta.read(block.resolve("meta.json"));
    assertThat(meta.series()).isEqualTo(300);
    assertThat(meta.ulid()).isEqualTo(block.getFileName().toString()).startsWith("0000000000");
    ReadBlock read = ReadBlock.of(block);
    assertThat(read.problems()).isEmpty();
    assertThat(read.samples()).isEqualTo(meta.samples());
    assertThat(read.series().keySet()).containsExactlyElementsOf(series.keySet());
    series.forEach((labels, samples) -> {
      SampleBuffer back = Objects.requireNonNull(read.series().get(labels));
      assertThat(BlocksConformanceTest.points(back))
          .isEqualTo(BlocksConformanceTest.points(samples));
      if (samples.histograms != null) {
        assertThat(back.withHistograms()[samples.size - 1].positive())
            .isEqualTo(samples.histograms[samples.size - 1].positive());
      }
    });
  }

  @Test
  void nothingIsLeftOfABlockThatWasNotFinished(@TempDir Path folder) throws Exception {
    SampleBuffer samples = new SampleBuffer();
    samples.add(START, 1);
    try (BlockWriter writer = new BlockWriter(folder, START, START + HOURS_2, 0)) {
      writer.add(Labels.of("__name__", "b"), chunks(samples));
      assertThatThrownBy(() -> writer.add(Labels.of("__name__", "a"), chunks(samples)))
          .hasMessageContaining("does not come behind");
      samples.timesMs[0] = START + HOURS_2;
      assertThatThrownBy(() -> writer.add(Labels.of("__name__", "c"), chunks(samples)))
          .hasMessageContaining("outside the block");
    }
    try (BlockWriter empty = new BlockWriter(folder, START, START + HOURS_2, 0)) {
      assertThat(empty.finish()).isNull();
    }
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  private static List<EncodedChunk> chunks(SampleBuffer samples) {
    List<EncodedChunk> chunks = new ArrayList<>();
    SeriesChunks.encode(samples, 0, samples.size, chunks::add);
    return chunks;
  }
}
