// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import static io.skopos.metrics.wire.Write2Requests.histogram;
import static io.skopos.metrics.wire.Write2Requests.message;
import static io.skopos.metrics.wire.Write2Requests.sample;
import static io.skopos.metrics.wire.Write2Requests.span;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skopos.metrics.wire.ProtoSchema.Message;
import io.skopos.metrics.wire.Write2Requests;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.xerial.snappy.Snappy;

/**
 * The receiver cases of Prometheus' compliance suite for remote write 2.0. The peers' list says
 * what is expected of each; the requests are built here by the cases' names.
 */
class RemoteWriteComplianceTest {

  private static final String VERSION_2 =
      "application/x-protobuf;proto=io.prometheus.write.v2.Request";
  private static final long T = 1_700_000_000_000L;

  private static ApiServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new ApiServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @TestFactory
  Stream<DynamicTest> receiverCases() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode test : new ObjectMapper().readTree(Files.readAllBytes(cases()))) {
      if (!test.path("side").asText().equals("receiver")) {
        continue;
      }
      String name = test.path("test").asText();
      if (test.has("cases")) {
        test.get("cases").forEach(one -> tests.add(test(name, one.path("name").asText(), one)));
      } else {
        tests.add(test(name, "", test));
      }
    }
    assertThat(tests).as("cases of receivers").hasSizeGreaterThan(40);
    return tests.stream();
  }

  private static DynamicTest test(String test, String name, JsonNode expected) {
    return DynamicTest.dynamicTest(
        name.isEmpty() ? test : test + "/" + name,
        () -> {
          switch (test) {
            case "TestBadContentEncodings" -> badContentEncodings();
            case "TestCorruptRequestBody" -> corruptRequestBody();
            case "TestRW1ErrorHandling" -> malformedVersion1();
            default -> check(send(request(test, name).bytes()), name, expected);
          }
        });
  }

  private static void check(HttpResponse<String> response, String name, JsonNode expected) {
    boolean good = expected.path("expectSuccess").asBoolean(!name.equals("bad_count_histogram"));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(good ? 204 : 400);
    assertThat(response.body().isEmpty()).isEqualTo(good);
    // Every answer says all three counts.
    for (String kind : List.of("samples", "histograms", "exemplars")) {
      long written = written(response, kind);
      JsonNode counts = expected.path("expectWritten");
      if (!counts.isMissingNode()) {
        assertThat(written).as(kind).isEqualTo(counts.path(kind).asLong());
      }
    }
    if (expected.has("expectSamplesWritten")) {
      assertThat(written(response, "samples"))
          .isEqualTo(expected.get("expectSamplesWritten").asLong());
    }
  }

  private static Write2Requests request(String test, String name) {
    Write2Requests r = new Write2Requests();
    switch (test) {
      case "TestSamplesWithMetadataAndExemplars", "TestSpecialCharactersCombined" ->
          r.series("__name__", "c_total", "l", "ü \"quoted\"\n{}")
              .with("samples", sample(T, 1))
              .with("exemplars", r.exemplar(T, 1, "trace_id", "é/\\"))
              .with("metadata", r.metadata(1, "Help \"é\"\n", ""));
      case "TestComplexSamplesRequest" -> {
        r.series("__name__", "a_total")
            .with("samples", sample(T, 1))
            .with("exemplars", r.exemplar(T, 1, "trace_id", "1"))
            .with("metadata", r.metadata(1, "A.", ""));
        r.series("__name__", "b")
            .with("samples", sample(T, 2))
            .with("metadata", r.metadata(2, "B.", "s"));
      }
      case "TestComplexHistogramsRequest" -> {
        withExemplar(r, r.series("__name__", "a").with("histograms", histogram(T)));
        r.series("__name__", "b").with("histograms", floatHistogram(T));
      }
      case "TestMultipleMetricFamiliesHistograms", "TestHistogramWithMetadataAndExemplar" ->
          withExemplar(
              r,
              r.series("__name__", "a")
                  .with("histograms", histogram(T))
                  .with("metadata", r.metadata(3, "A.", "seconds")));
      case "TestEdgeCaseCombinations" -> edgeCase(r, name);
      case "TestManyHistograms" -> {
        for (int i = 0; i < 50; i++) {
          withExemplar(r, r.series("__name__", "h", "i", "" + i).with("histograms", histogram(T)));
        }
      }
      case "TestExemplars" ->
          r.series("__name__", "c_total")
              .with("samples", sample(T, 1))
              .with("exemplars", r.exemplar(T, 0.5, exemplarLabels(name)));
      case "TestExemplarWithCreatedTimestamp" ->
          r.series("__name__", "c_total")
              .with("samples", sample(T, 1).with("start", T - 60_000))
              .with("exemplars", r.exemplar(T, 0.5, "trace_id", "1"));
      case "TestExemplarTimestamps" -> {
        Message series = r.series("__name__", "c_total");
        for (int i = 0; i < 3; i++) {
          series
              .with("samples", sample(T + i, i))
              .with("exemplars", r.exemplar(T + i, i, "n", "" + i));
        }
      }
      case "TestExemplarValidation" ->
          named(r, name).with("exemplars", r.exemplar(T, 1, "trace_id", "1"));
      case "TestMetadataValidation" -> named(r, name).with("metadata", r.metadata(1, "Help.", ""));
      case "TestHistograms" -> r.series("__name__", "h").with("histograms", histogramCase(name));
      case "TestHistogramWithCreatedTimestamp" ->
          r.series("__name__", "h").with("histograms", histogram(T).with("start", T - 1000));
      case "TestEmptyHistogram" ->
          r.series("__name__", "h").with("histograms", message("Histogram").with("timestamp", T));
      case "TestHistogramWithMetadata", "TestMetadataWithComplexLabels" ->
          r.series("__name__", "h", "a.b", "x", "region", "eu west")
              .with("histograms", histogram(T))
              .with("metadata", r.metadata(3, "H.", ""));
      case "TestMultipleHistogramsWithMetadata" -> {
        r.series("__name__", "a")
            .with("histograms", histogram(T))
            .with("metadata", r.metadata(3, "A.", ""));
        r.series("__name__", "b")
            .with("histograms", histogram(T))
            .with("metadata", r.metadata(4, "B.", ""));
      }
      case "TestCounterMetadataWithCreatedTimestamp",
          "TestCounterWithCreatedTimestamp",
          "TestMetadataWithSamples" ->
          r.series("__name__", "c_total")
              .with("samples", sample(T, 1).with("start", T - 60_000))
              .with("metadata", r.metadata(1, "C.", ""));
      case "TestMultipleMetrics" -> multipleMetrics(r, name);
      default -> throw new AssertionError("the case " + test + " is not built here");
    }
    return r;
  }

  private static void withExemplar(Write2Requests r, Message series) {
    series.with("exemplars", r.exemplar(T, 1, "trace_id", "1"));
  }

  private static Message floatHistogram(long timeMs) {
    return message("Histogram")
        .with("timestamp", timeMs)
        .with("count_float", 1.5)
        .with("positive_spans", span(0, 1))
        .with("positive_counts", 1.5);
  }

  private static Message named(Write2Requests r, String name) {
    return name.contains("without_name")
        ? r.series("job", "j")
        : r.series("__name__", name.contains("empty_name") ? "" : "m", "job", "j");
  }

  private static String[] exemplarLabels(String name) {
    return switch (name) {
      case "basic_exemplar" -> new String[] {"trace_id", "abc"};
      case "exemplar_with_span_id" -> new String[] {"trace_id", "abc", "span_id", "def"};
      case "exemplar_without_trace_id" -> new String[] {"request", "7"};
      case "exemplar_with_multiple_labels" -> new String[] {"a", "1", "b", "2", "trace_id", "3"};
      case "exemplar_no_labels" -> new String[0];
      case "exemplar_with_special_chars" -> new String[] {"trace_id", "a\"\\\n{}="};
      case "exemplar_with_unicode" -> new String[] {"trace_id", "Ελλάς 🙂"};
      default -> throw new AssertionError("the case " + name + " is not built here");
    };
  }

  private static void edgeCase(Write2Requests r, String name) {
    switch (name) {
      case "metadata_without_data" ->
          r.series("__name__", "m").with("metadata", r.metadata(2, "M.", ""));
      case "exemplars_without_data" -> withExemplar(r, r.series("__name__", "m"));
      case "mixed_timestamp_data" -> {
        r.series("__name__", "m").with("samples", sample(T, 1), sample(T + 60_000, 2));
        r.series("__name__", "h").with("histograms", histogram(T - 60_000));
      }
      default -> throw new AssertionError("the case " + name + " is not built here");
    }
  }

  private static Message histogramCase(String name) {
    Message negative =
        message("Histogram")
            .with("timestamp", T)
            .with("negative_spans", span(0, 2))
            .with("negative_deltas", 1, 1);
    return switch (name) {
      case "basic_histogram" ->
          negative
              .with("count_int", 6)
              .with("zero_count_int", 1)
              .with("zero_threshold", 0.001)
              .with("positive_spans", span(0, 1))
              .with("positive_deltas", 2);
      case "custom_buckets_histogram" ->
          message("Histogram")
              .with("timestamp", T)
              .with("schema", -53)
              .with("count_int", 5)
              .with("positive_spans", span(0, 2))
              .with("positive_deltas", 2, 1)
              .with("custom_values", 1, 5);
      case "positive_only_histogram" -> histogram(T).with("count_int", 3).with("zero_count_int", 1);
      case "negative_only_histogram" -> negative.with("count_int", 3);
      case "minimal_histogram" ->
          message("Histogram").with("timestamp", T).with("count_int", 1).with("zero_count_int", 1);
      case "bad_count_histogram" -> negative.with("count_int", 99);
      default -> throw new AssertionError("the case " + name + " is not built here");
    };
  }

  private static void multipleMetrics(Write2Requests r, String name) {
    for (int i = 0; i < 4; i++) {
      boolean nameless =
          name.equals("multiple metrics, without name label")
              || (name.equals("multiple metrics, 1 without name label") && i == 2);
      (nameless ? r.series("i", "" + i) : r.series("__name__", "m", "i", "" + i))
          .with("samples", sample(T, i));
    }
  }

  private static void badContentEncodings() throws Exception {
    byte[] body = Snappy.compress(new Write2Requests().bytes());
    for (String encoding : List.of("gzip", "deflate", "br", "identity", "SNAPPY-FRAMED")) {
      assertThat(send(body, VERSION_2, encoding).statusCode()).as(encoding).isEqualTo(415);
    }
  }

  private static void corruptRequestBody() throws Exception {
    Write2Requests good = new Write2Requests();
    good.series("__name__", "m").with("samples", sample(T, 1));
    byte[] message = good.bytes();
    message[message.length - 1] = (byte) 0xff;
    for (byte[] body : List.of(Snappy.compress(message), good.bytes(), new byte[] {1, 2, 3})) {
      HttpResponse<String> response = send(body, VERSION_2, "snappy");
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).isNotEmpty();
      assertThat(written(response, "samples")).isZero();
    }
  }

  private static void malformedVersion1() throws Exception {
    byte[] body = Snappy.compress(new byte[] {0x0a, 100, 0});
    assertThat(send(body, "application/x-protobuf", "snappy").statusCode()).isEqualTo(400);
  }

  /** What the specification says beyond the cases. */
  @Test
  void aMessageOfTheOtherVersionIsEmptyAndNoError() throws Exception {
    Write2Requests request = new Write2Requests();
    request.series("__name__", "m").with("samples", sample(T, 1));
    byte[] body = Snappy.compress(request.bytes());
    HttpResponse<String> response = send(body, "application/x-protobuf", "snappy");
    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(written(response, "samples")).isZero();
  }

  @Test
  void metadataIsStoredOnceUntilItChanges() throws Exception {
    Function<String, Write2Requests> saying =
        help -> {
          Write2Requests request = new Write2Requests();
          request
              .series("__name__", "told_total")
              .with("samples", sample(T, 1))
              .with("metadata", request.metadata(1, help, ""));
          return request;
        };
    server.intake.metadata.clear();
    for (String help : List.of("One.", "One.", "Two.", "Two.", "One.")) {
      assertThat(send(saying.apply(help).bytes()).statusCode()).isEqualTo(204);
    }
    assertThat(server.intake.metadata.stream().map(row -> row.metadata().help()))
        .containsExactly("One.", "Two.", "One.");
  }

  private static long written(HttpResponse<String> response, String kind) {
    String header =
        "X-Prometheus-Remote-Write-"
            + Character.toUpperCase(kind.charAt(0))
            + kind.substring(1)
            + "-Written";
    return Long.parseLong(response.headers().firstValue(header).orElseThrow());
  }

  private static HttpResponse<String> send(byte[] message) throws Exception {
    return send(Snappy.compress(message), VERSION_2, "snappy");
  }

  private static HttpResponse<String> send(byte[] body, String type, String encoding)
      throws Exception {
    return server.send(
        server
            .request("/api/v1/write")
            .header("Content-Type", type)
            .header("Content-Encoding", encoding)
            .header("X-Prometheus-Remote-Write-Version", "2.0.0")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  private static Path cases() {
    String root = System.getProperty("skopos.conformance", "");
    Path path = Path.of(root, "remote-write", "compliance-cases.json");
    Assumptions.assumeTrue(
        !root.isEmpty() && Files.isReadable(path),
        "the peers' cases are not there (-Dskopos.conformance=DIR)");
    return path;
  }
}
