// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.tsdb.chunk.AggregateChunk.Aggregate;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.io.IOException;
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

/** The peers' blocks, when their folder is named by {@code -Dskopos.conformance}. */
class BlocksConformanceTest {

  private static Path data() {
    String directory = System.getProperty("skopos.conformance", "");
    assumeTrue(!directory.isEmpty(), "-Dskopos.conformance is not set");
    return Path.of(directory, "tsdb-blocks");
  }

  private static Path only(Path folder) throws IOException {
    List<String> notices = new ArrayList<>();
    List<Path> blocks = BlockFolder.find(folder, notices::add);
    assertThat(notices).isEmpty();
    assertThat(blocks).hasSize(1);
    return blocks.getFirst();
  }

  @Test
  void aSnapshotOfPrometheus() throws Exception {
    Path block = only(data().resolve("prometheus"));
    ReadBlock read = ReadBlock.of(block);
    assertThat(read.problems()).isEmpty();
    assertThat(read.series()).hasSize(2434);
    assertThat(read.samples()).isEqualTo(2434);
    Map<Labels, List<String>> expected =
        expected(data().resolve("prometheus/expected_response.json"));
    assertThat(expected).hasSize(2);
    expected.forEach((labels, points) ->
        assertThat(points(Objects.requireNonNull(read.series().get(labels), labels::toString)))
            .as(labels.toString())
            .isEqualTo(points));
  }

  @Test
  void rawAndDownsampledBlocksOfThanos() throws Exception {
    Path snapshot = data().resolve("thanos-snapshot");
    Map<Labels, List<String>> read = new TreeMap<>();
    List<Path> blocks = BlockFolder.find(snapshot, problem -> {});
    assertThat(blocks).hasSize(3);
    for (Path folder : blocks) {
      BlockMeta meta = BlockMeta.read(folder.resolve("meta.json"));
      assertThat(meta.externalLabels()).containsEntry("replica", "0");
      if (!meta.isDownsampled()) {
        ReadBlock.of(folder).series().forEach((labels, one) -> read.put(labels, points(one)));
        continue;
      }
      assertThat(ReadBlock.of(folder).samples()).isZero();
      for (Aggregate aggregate : Aggregate.values()) {
        ReadBlock.of(folder, aggregate)
            .series()
            .forEach((labels, one) ->
                read.put(AggregateName.of(labels, meta.resolutionMs(), aggregate), points(one)));
      }
    }
    Map<Labels, List<String>> all = expected(snapshot.resolve("expected_all_aggr_response.json"));
    assertThat(read).isEqualTo(all);
    expected(snapshot.resolve("expected_filtered_aggr_response.json"))
        .forEach((labels, points) -> assertThat(read.get(labels)).isEqualTo(points));
  }

  @Test
  void anIndexOfVersionOne() throws Exception {
    Path block = data().resolve("prometheus-index_format_v1");
    ReadBlock read = ReadBlock.of(block);
    assertThat(read.problems()).isEmpty();
    assertThat(read.series()).hasSize(102);
    assertThat(read.samples()).isEqualTo(102);
  }

  @Test
  void missingChunksAreNamedOneByOne() throws Exception {
    ReadBlock read = ReadBlock.of(data().resolve("thanos-index_format_v1"));
    assertThat(read.series()).hasSize(102);
    assertThat(read.samples()).isZero();
    assertThat(read.problems())
        .hasSize(102)
        .allMatch(problem -> problem.contains("chunks: segment 1 is missing, there are 0"));
  }

  @Test
  void chunksOutOfOrderAreFound(@TempDir Path work) throws Exception {
    Path index = data().resolve("thanos-out_of_order_chunks/index");
    Files.copy(index, work.resolve("index"));
    Files.writeString(
        work.resolve("meta.json"),
        "{\"version\":1,\"ulid\":\"01BZJ9WJQPWHGNC2W4J9TA62KC\",\"minTime\":0,\"maxTime\":100}");
    ReadBlock read = ReadBlock.of(work);
    assertThat(read.problems()).anyMatch(problem -> problem.contains("chunk 2 of the series"));
    assertThat(read.problems()).anyMatch(problem -> problem.contains("is out of order"));
  }

  @Test
  void theVersionThatNeverWasIsNamed() throws Exception {
    Path broken = data().resolve("prometheus-repair_index_version");
    Path block = BlockFolder.find(broken, problem -> {}).getFirst();
    assertThatThrownBy(() -> Block.open(block))
        .isInstanceOf(DamagedBlock.class)
        .hasMessageContaining("meta.json: version 2 was written by one development state");
  }

  /** Any single flipped bit is named, hides nothing that is not under it, and is never a defect. */
  @Test
  void flippedBitsAreNamed(@TempDir Path work) throws Exception {
    Path original = data().resolve("thanos-snapshot/01KKS78P6B68DNJC87ZVPRGC3X");
    ReadBlock whole = ReadBlock.of(original);
    Random random = new Random(11);
    for (String name : List.of("index", "chunks/000001", "tombstones")) {
      byte[] bytes = Files.readAllBytes(original.resolve(name));
      for (int i = 0; i < 400; i++) {
        Path block = work.resolve(name.charAt(0) + "-" + i);
        Files.createDirectories(block.resolve("chunks"));
        for (String other : List.of("meta.json", "index", "chunks/000001", "tombstones")) {
          Files.copy(original.resolve(other), block.resolve(other));
        }
        byte[] twisted = bytes.clone();
        int bit = random.nextInt(bytes.length * 8);
        twisted[bit / 8] ^= (byte) (1 << bit % 8);
        Files.write(block.resolve(name), twisted);
        try {
          ReadBlock read = ReadBlock.of(block);
          if (read.problems().isEmpty()) {
            // Postings, their tables and the filling are not read.
            assertThat(read.samples()).as(name + " bit " + bit).isEqualTo(whole.samples());
          } else {
            assertThat(read.problems().getFirst()).contains(block.toString());
            assertThat(read.samples()).isLessThanOrEqualTo(whole.samples());
          }
        } catch (DamagedBlock e) {
          assertThat(e).hasMessageContaining(block.toString());
        }
      }
    }
  }

  static List<String> points(SampleBuffer samples) {
    List<String> points = new ArrayList<>();
    for (int i = 0; i < samples.size; i++) {
      points.add(samples.timesMs[i] + " " + samples.values[i]);
    }
    return points;
  }

  /** A matrix of the query API. */
  private static Map<Labels, List<String>> expected(Path file) throws IOException {
    Map<Labels, List<String>> series = new TreeMap<>();
    try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
      LabelsBuilder labels = new LabelsBuilder();
      while (json.nextToken() != null) {
        if (json.currentToken() != JsonToken.FIELD_NAME) {
          continue;
        }
        if (json.currentName().equals("metric")) {
          labels = new LabelsBuilder();
          json.nextToken();
          while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            labels.set(name, json.nextTextValue());
          }
        } else if (json.currentName().equals("values")) {
          List<String> points = new ArrayList<>();
          json.nextToken();
          while (json.nextToken() == JsonToken.START_ARRAY) {
            json.nextToken();
            long time = Math.round(json.getDoubleValue() * 1000);
            points.add(time + " " + Double.parseDouble(json.nextTextValue()));
            json.nextToken();
          }
          assertThat(labels.get(Label.METRIC_NAME)).isNotNull();
          series.put(labels.build(), points);
        }
      }
    }
    return series;
  }
}
