// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.tsdb.chunk.ChunkDecoder;
import io.skopos.metrics.tsdb.chunk.ChunkStream;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.testkit.process.PrometheusApi.Answer;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Exports over sockets. */
class ChunkExportApiTest {

  private static final long T = 1_767_323_000_000L;
  private static final String QUERY =
      "/api/v1/export/chunks?match[]=%7B__name__=~%22m.*%22%7D&start=1767323000&end=1767324000";

  private static ApiServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new ApiServer();
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "m1", "a", "\"x\""));
    batch.sample(T, 1.5);
    batch.sample(T + 1, Double.NaN);
    batch.sample(T + 2, Double.NEGATIVE_INFINITY);
    batch.sample(T + 3, 1e22);
    batch.series(Labels.of("__name__", "m2"));
    for (int i = 0; i < 500; i++) {
      batch.sample(T + i * 1000, i);
    }
    batch.series(Labels.of("__name__", "other"));
    batch.sample(T, 1);
    server.samples.write(TenantId.ANONYMOUS, batch);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void chunksComeInOrderAndGoOnBehindASeries() throws Exception {
    Map<Labels, SampleBuffer> all = read(chunks(""));
    assertThat(all.keySet())
        .containsExactly(Labels.of("__name__", "m1", "a", "\"x\""), Labels.of("__name__", "m2"));
    SampleBuffer second = Objects.requireNonNull(all.get(Labels.of("__name__", "m2")));
    assertThat(second.size).isEqualTo(500);
    assertThat(second.values[499]).isEqualTo(499);
    String after =
        Base64.getUrlEncoder()
            .encodeToString(Labels.of("__name__", "m1", "a", "\"x\"").canonicalBytes());
    assertThat(read(chunks("&after=" + after)).keySet())
        .containsExactly(Labels.of("__name__", "m2"));
    byte[] whole = chunks("");
    assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length - 2)))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void badRequestsAreNamed() throws Exception {
    String[][] cases = {
      {"no match[] parameter", "start", "1", "end", "2"},
      {"start and end must be given", "match[]", "m1"},
      {"one selector at a time", "match[]", "m1", "match[]", "m2", "start", "1", "end", "2"},
      {"more than 32 days", "match[]", "m1", "start", "1", "end", "9000000"},
      {"before start", "match[]", "m1", "start", "5", "end", "2"},
      {"no label set", "match[]", "m1", "start", "1", "end", "2", "after", "____"},
    };
    for (String[] one : cases) {
      Answer answer = server.get("/api/v1/export/chunks", Arrays.copyOfRange(one, 1, one.length));
      assertThat(answer.status()).as(answer.body()).isEqualTo(400);
      assertThat(answer.body()).contains(one[0]);
    }
  }

  @Test
  void cardinalityChecksItsParameters() throws Exception {
    assertThat(server.get("/api/v1/status/cardinality").status()).isEqualTo(200);
    String[][] cases = {
      {"none of metric, label, value, target and tenant", "by", "colour"},
      {"by=value needs the label", "by", "value"},
      {"must not exceed 10000", "limit", "10001"},
      {"more than 400 days", "start", "1", "end", "1767323000"},
    };
    for (String[] one : cases) {
      Answer answer =
          server.get("/api/v1/status/cardinality", Arrays.copyOfRange(one, 1, one.length));
      assertThat(answer.status()).as(answer.body()).isEqualTo(400);
      assertThat(answer.body()).contains(one[0]);
    }
    assertThat(server.get("/api/v1/cardinality/label_values").body()).contains("is required");
    assertThat(server.get("/api/v1/cardinality/label_names").body())
        .isEqualTo("{\"label_values_count_total\":0,\"label_names_count\":0,\"cardinality\":[]}");
  }

  private static byte[] chunks(String further) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(server.request(QUERY + further).build(), HttpResponse.BodyHandlers.ofByteArray())
          .body();
    }
  }

  private static Map<Labels, SampleBuffer> read(byte[] stream) throws Exception {
    Map<Labels, SampleBuffer> series = new TreeMap<>();
    ChunkStream.Reader reader = new ChunkStream.Reader(new ByteArrayInputStream(stream));
    SampleBuffer current = new SampleBuffer();
    ChunkStream.Item item;
    while ((item = reader.next()) != null) {
      switch (item) {
        case ChunkStream.Item.Series one -> {
          current = new SampleBuffer();
          series.put(one.labels(), current);
        }
        case ChunkStream.Item.Chunk chunk ->
            ChunkDecoder.decode(
                chunk.chunk().encoding(),
                chunk.chunk().data(),
                0,
                chunk.chunk().data().length,
                current);
        case ChunkStream.Item.Warning warning -> throw new AssertionError(warning.text());
      }
    }
    return series;
  }
}
