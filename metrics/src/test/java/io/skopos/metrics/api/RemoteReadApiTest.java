// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DynamicMessage;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.metrics.tsdb.chunk.ChunkDecoder;
import io.skopos.metrics.wire.ProtoSchema;
import io.skopos.metrics.wire.ProtoSchema.Message;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.model.config.ByteSize;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.testkit.process.RemoteWriteRequest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

class RemoteReadApiTest {

  private static final ProtoSchema SCHEMA =
      new ProtoSchema(
          """
          Matcher: uint32 type 1, string name 2, string value 3
          Query: int64 start 1, int64 end 2, Matcher* matchers 3
          Request: Query* queries 1, uint32*packed accepted 2
          Label: string name 1, string value 2
          Sample: double value 1, int64 time 2
          Span: sint32 offset 1, uint32 length 2
          Histogram: uint64 count_int 1, double count_float 2, double sum 3, sint32 schema 4, \
          double zero_threshold 5, uint64 zero_count_int 6, double zero_count_float 7, Span* negative_spans 8, \
          sint64*packed negative_deltas 9, double*packed negative_counts 10, Span* positive_spans 11, \
          sint64*packed positive_deltas 12, double*packed positive_counts 13, uint32 hint 14, int64 time 15, \
          double*packed custom_values 16
          Series: Label* labels 1, Sample* samples 2, Histogram* histograms 4
          Result: Series* series 1
          Response: Result* results 1
          Chunk: int64 min 1, int64 max 2, uint32 type 3, bytes data 4
          Chunks: Label* labels 1, Chunk* chunks 2
          Frame: Chunks* series 1, int64 query 2
          """);

  private static final NativeHistogram HISTOGRAM =
      new NativeHistogram(
          NativeHistogram.CUSTOM_BUCKETS,
          true,
          ResetHint.UNKNOWN,
          0,
          0,
          5,
          2.5,
          new Buckets(new int[] {0, 2}, new double[] {4, 1}),
          Buckets.NONE,
          new double[] {0.5, 1});
  private static final int MANY = 20_000;

  private static ApiServer server;

  @BeforeAll
  static void start() throws Exception {
    QueryConfig config =
        new QueryConfig(
            QueryConfig.DEFAULT.timeout(),
            QueryConfig.DEFAULT.lookback(),
            1_000_000,
            1_000,
            QueryConfig.DEFAULT.maxBytes(),
            QueryConfig.DEFAULT.maxFetchedBytes(),
            11_000,
            2,
            16,
            0,
            false,
            new RemoteReadConfig(2, new ByteSize(100_000), new ByteSize(2_000)),
            LanguageConfig.DEFAULT);
    server = new ApiServer(config, TargetsView.NONE, null);
    SampleBatch batch = new SampleBatch();
    for (String job : List.of("a", "b")) {
      batch.series(Labels.of("__name__", "up", "job", job));
      for (int i = 0; i < 5; i++) {
        batch.sample(1000 * i, i);
      }
    }
    batch.series(Labels.of("__name__", "h"));
    batch.histogram(1000, HISTOGRAM, 0);
    batch.histogram(2000, HISTOGRAM, 0);
    batch.series(Labels.of("__name__", "long"));
    for (int i = 0; i < MANY; i++) {
      batch.sample(15_000L * i, Math.sin(i));
    }
    server.samples.write(new TenantId("anonymous"), batch);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void samplesComeInOneMessage() throws Exception {
    HttpResponse<byte[]> response =
        read(
            request(
                List.of(),
                query(1000, 3000, matcher(0, "__name__", "up"), matcher(3, "job", "b|c")),
                query(0, 1500, matcher(2, "__name__", "h.*")),
                query(5, 4, matcher(0, "__name__", "up"))));
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-protobuf");
    assertThat(response.headers().firstValue("Content-Encoding")).hasValue("snappy");
    List<DynamicMessage> results =
        ProtoSchema.all(SCHEMA.parse("Response", Snappy.uncompress(response.body())), "results");
    assertThat(results).hasSize(3);
    DynamicMessage up = ProtoSchema.all(results.getFirst(), "series").getFirst();
    assertThat(labels(up)).isEqualTo("__name__=up,job=a,");
    assertThat(ProtoSchema.all(up, "samples").stream().map(RemoteReadApiTest::sample))
        .containsExactly("1000 1.0", "2000 2.0", "3000 3.0");
    DynamicMessage histogram =
        ProtoSchema.all(ProtoSchema.all(results.get(1), "series").getFirst(), "histograms")
            .getFirst();
    assertThat(ProtoSchema.get(histogram, "count_int")).isEqualTo(5L);
    assertThat(ProtoSchema.get(histogram, "schema")).isEqualTo(-53);
    assertThat(ProtoSchema.get(histogram, "positive_deltas")).isEqualTo(List.of(4L, -3L));
    assertThat(ProtoSchema.get(histogram, "custom_values")).isEqualTo(List.of(0.5, 1.0));
    assertThat(ProtoSchema.get(histogram, "time")).isEqualTo(1000L);
    assertThat(ProtoSchema.all(results.get(2), "series")).isEmpty();
  }

  /** Values that formats like to lose, and the ends of the times that are stored. */
  @Test
  void everyBitOfAValueComesBackOverTheWire() throws Exception {
    double[] values = {
      StaleMarker.VALUE,
      Double.longBitsToDouble(0x7ff8000000000abcL),
      Double.longBitsToDouble(0xfff4000000000001L),
      -0.0,
      0.0,
      Double.MIN_VALUE,
      -Double.MIN_NORMAL / 3,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.MAX_VALUE
    };
    long[] times = new long[values.length];
    long first = UtcDay.parse("1970-01-01").startMs();
    long last = UtcDay.parse("2099-12-31").endMs();
    for (int i = 0; i < times.length; i++) {
      times[i] = i < 5 ? first + i : last - times.length + i + 1;
    }
    byte[] written =
        new RemoteWriteRequest().series(Map.of("__name__", "special"), times, values).toSnappy();
    HttpResponse<String> answer =
        server.send(
            server
                .request("/api/v1/write")
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .POST(HttpRequest.BodyPublishers.ofByteArray(written)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    HttpResponse<byte[]> response =
        read(request(List.of(), query(first, last, matcher(0, "__name__", "special"))));
    DynamicMessage result =
        ProtoSchema.all(SCHEMA.parse("Response", Snappy.uncompress(response.body())), "results")
            .getFirst();
    List<DynamicMessage> samples =
        ProtoSchema.all(ProtoSchema.all(result, "series").getFirst(), "samples");
    assertThat(samples).hasSize(values.length);
    for (int i = 0; i < values.length; i++) {
      DynamicMessage sample = samples.get(i);
      Object value = sample.getField(sample.getDescriptorForType().getFields().getFirst());
      Object time = sample.getField(sample.getDescriptorForType().getFields().getLast());
      assertThat(Double.doubleToRawLongBits((Double) value))
          .as("%s", values[i])
          .isEqualTo(Double.doubleToRawLongBits(values[i]));
      assertThat(time).isEqualTo(times[i]);
    }
  }

  @Test
  void timesThatAreNotStoredAreNamedAndTheRestIsKept() throws Exception {
    byte[] written =
        new RemoteWriteRequest()
            .series(
                Map.of("__name__", "beyond"),
                new long[] {1000, 253_402_300_800_000L},
                new double[] {1, 2})
            .series(Map.of("__name__", "beside"), new long[] {1000}, new double[] {3})
            .toSnappy();
    HttpResponse<String> answer =
        server.send(
            server
                .request("/api/v1/write")
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .POST(HttpRequest.BodyPublishers.ofByteArray(written)));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("253402300800000", "is not in the years 1 to 9999");
    assertThat(server.get("/api/v1/query", "query", "beside + on () beyond", "time", "1").body())
        .contains("\"4\"");
  }

  @Test
  void chunksAreStreamedInFrames() throws Exception {
    HttpResponse<byte[]> response =
        read(
            request(
                List.of(1, 0),
                query(0, Long.MAX_VALUE / 4, matcher(0, "__name__", "long")),
                query(1000, 2000, matcher(2, "__name__", "up|h"))));
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue("application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse");
    SampleBuffer all = new SampleBuffer();
    List<String> others = new ArrayList<>();
    SampleBuffer histograms = new SampleBuffer();
    int frames = 0;
    CodedInputStream in = CodedInputStream.newInstance(response.body());
    while (!in.isAtEnd()) {
      int length = in.readRawVarint32();
      int crc = ByteBuffer.wrap(in.readRawBytes(4)).getInt();
      byte[] message = in.readRawBytes(length);
      CRC32C expected = new CRC32C();
      expected.update(message);
      assertThat(crc).isEqualTo((int) expected.getValue());
      frames++;
      DynamicMessage frame = SCHEMA.parse("Frame", message);
      DynamicMessage series = ProtoSchema.all(frame, "series").getFirst();
      boolean first = (long) ProtoSchema.get(frame, "query") == 0;
      SampleBuffer samples = first ? all : new SampleBuffer();
      for (DynamicMessage chunk : ProtoSchema.all(series, "chunks")) {
        byte[] data =
            ((com.google.protobuf.ByteString) ProtoSchema.get(chunk, "data")).toByteArray();
        ChunkDecoder.decode(
            io.skopos.metrics.tsdb.chunk.ChunkEncoding.ofCode((int) ProtoSchema.get(chunk, "type")),
            data,
            0,
            data.length,
            samples);
        assertThat((long) ProtoSchema.get(chunk, "max"))
            .isEqualTo(samples.timesMs[samples.size - 1]);
      }
      if (!first) {
        others.add(labels(series) + " " + samples.size + " from " + samples.timesMs[0]);
        histograms = samples.histograms == null ? histograms : samples;
      }
    }
    assertThat(frames).as("a frame ends at 2,000 bytes").isGreaterThan(20);
    assertThat(all.size).isEqualTo(MANY);
    assertThat(all.values[7777]).isEqualTo(Math.sin(7777));
    assertThat(others)
        .containsExactly(
            "__name__=h, 2 from 1000",
            "__name__=up,job=a, 2 from 1000",
            "__name__=up,job=b, 2 from 1000");
    assertThat(histograms.withHistograms()[1]).isNotNull();
  }

  @Test
  void limitsAndBadRequestsAreNamed() throws Exception {
    HttpResponse<byte[]> large =
        read(request(List.of(0), query(0, Long.MAX_VALUE / 4, matcher(0, "__name__", "long"))));
    assertThat(large.statusCode()).isEqualTo(400);
    assertThat(text(large)).contains("query.remote_read.max_response", "100000");

    HttpResponse<byte[]> unknown = read(request(List.of(7), query(0, 1)));
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(text(unknown)).contains("[7]", "SAMPLES");

    HttpResponse<byte[]> regex =
        read(request(List.of(), query(0, 1, matcher(2, "job", "(unclosed"))));
    assertThat(regex.statusCode()).isEqualTo(400);
    assertThat(text(regex)).contains("'job'");

    HttpResponse<byte[]> type = read(request(List.of(), query(0, 1, matcher(9, "job", "x"))));
    assertThat(text(type)).contains("unknown type 9");
    assertThat(read(new byte[] {0x0a, 99}).statusCode()).isEqualTo(400);
  }

  @Test
  void exemplarsAreFoundByTheSelectorsOfAQuery() throws Exception {
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "req_bucket", "le", "1"));
    batch.exemplar(new io.skopos.metrics.store.Exemplar(Labels.of("trace_id", "abc"), 0.25, 1500));
    batch.exemplar(new io.skopos.metrics.store.Exemplar(Labels.EMPTY, 6, 9000));
    batch.series(Labels.of("__name__", "other"));
    batch.exemplar(new io.skopos.metrics.store.Exemplar(Labels.EMPTY, 1, 1500));
    server.samples.write(new TenantId("anonymous"), batch);
    String query = "histogram_quantile(0.9, sum by (le) (rate(req_bucket[5m]))) > 0";
    assertThat(
            server.get("/api/v1/query_exemplars", "query", query, "start", "1", "end", "2").body())
        .isEqualTo(
            "{\"status\":\"success\",\"data\":[{\"seriesLabels\":{\"__name__\":\"req_bucket\","
                + "\"le\":\"1\"},\"exemplars\":[{\"labels\":{\"trace_id\":\"abc\"},"
                + "\"value\":\"0.25\",\"timestamp\":1.500}]}]}");
    assertThat(server.get("/api/v1/query_exemplars", "query", "1 + 1").body())
        .isEqualTo("{\"status\":\"success\",\"data\":[]}");
    assertThat(server.get("/api/v1/query_exemplars", "query", "up{").body())
        .contains("\"errorType\":\"bad_data\"", "invalid parameter \\\"query\\\"");
    assertThat(
            server.get("/api/v1/query_exemplars", "query", "up", "start", "2", "end", "1").body())
        .contains("end timestamp must not be before start timestamp");
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static String labels(DynamicMessage series) {
    StringBuilder text = new StringBuilder();
    for (DynamicMessage label : ProtoSchema.all(series, "labels")) {
      text.append(ProtoSchema.get(label, "name"))
          .append('=')
          .append(ProtoSchema.get(label, "value"))
          .append(',');
    }
    return text.toString();
  }

  private static String sample(DynamicMessage sample) {
    return ProtoSchema.get(sample, "time") + " " + ProtoSchema.get(sample, "value");
  }

  private static Message matcher(int type, String name, String value) {
    return SCHEMA.message("Matcher").with("type", type).with("name", name).with("value", value);
  }

  private static Message query(long start, long end, Message... matchers) {
    return SCHEMA
        .message("Query")
        .with("start", start)
        .with("end", end)
        .with("matchers", (Object[]) matchers);
  }

  private static byte[] request(List<Integer> accepted, Message... queries) {
    return SCHEMA
        .message("Request")
        .with("queries", (Object[]) queries)
        .with("accepted", accepted.toArray())
        .bytes();
  }

  private static HttpResponse<byte[]> read(byte[] message) throws Exception {
    return server.sendForBytes(
        server
            .request("/api/v1/read")
            .header("Content-Type", "application/x-protobuf")
            .header("Content-Encoding", "snappy")
            .header("Accept-Encoding", "snappy")
            .header("X-Prometheus-Remote-Read-Version", "0.1.0")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Snappy.compress(message))));
  }
}
