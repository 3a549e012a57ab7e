// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.exposition.MetricFamilies;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.wire.WriteRequests;
import io.skopos.storage.WriteRefused;
import io.skopos.storage.WriteUnavailable;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

class WriteApiTest {

  private static ApiServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new ApiServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void forgetMetadata() {
    server.intake.metadata.clear();
  }

  @Test
  void remoteWriteKeepsSamplesAndSaysHowMany() throws Exception {
    HttpResponse<String> response =
        write(
            Snappy.compress(
                new WriteRequests()
                    .series("__name__", "a", "job", "x")
                    .sample(1000, 1)
                    .sample(2000, 2)
                    .metadata(1, "a", "help", "")
                    .bytes()));
    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.headers().firstValue("X-Prometheus-Remote-Write-Samples-Written"))
        .hasValue("2");
    assertThat(query("a[1m]", "2")).contains("[[1,\"1\"],[2,\"2\"]]");
    assertThat(server.intake.metadata)
        .containsExactly(
            new SampleBatch.MetadataRow(
                ApiServer.NOW.toEpochMilli(), "a", new MetricMetadata("counter", "help", "")));
    assertThat(write(Snappy.compress(new byte[0])).statusCode()).isEqualTo(204);
  }

  @Test
  void goodSeriesOfAPartlyBadRequestAreKept() throws Exception {
    HttpResponse<String> response =
        write(
            Snappy.compress(
                new WriteRequests()
                    .series("__name__", "good")
                    .sample(1000, 1)
                    .series("job", "nameless")
                    .sample(1000, 1)
                    .bytes()));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .isEqualTo(
            "kept 1 samples, 1 samples refused, 1 series refused; first reasons: series"
                + " {job=\"nameless\"}: it has no label __name__\n");
    assertThat(response.headers().firstValue("X-Prometheus-Remote-Write-Samples-Written"))
        .hasValue("1");
    assertThat(query("good", "1")).contains("\"value\":[1,\"1\"]");
  }

  @Test
  void malformedBodiesAreRefusedAndTheNextRequestWorks() throws Exception {
    byte[] message = new WriteRequests().series("__name__", "a").sample(1000, 1).bytes();
    HttpResponse<String> cut = write(Snappy.compress(Arrays.copyOf(message, message.length - 3)));
    assertThat(cut.statusCode()).isEqualTo(400);
    assertThat(cut.body()).contains("at byte", "nothing of the request was kept");
    assertThat(write(message).body()).contains("not valid snappy");
    assertThat(write(new byte[0]).statusCode()).isEqualTo(400);
    assertThat(write(Snappy.compress(message)).statusCode()).isEqualTo(204);
  }

  @Test
  void otherTypesAndEncodingsAre415() throws Exception {
    byte[] body = Snappy.compress(new WriteRequests().bytes());
    assertThat(write(body, "application/json", "snappy").statusCode()).isEqualTo(415);
    HttpResponse<String> third =
        write(body, "application/x-protobuf;proto=io.prometheus.write.v3.Request", "snappy");
    assertThat(third.statusCode()).isEqualTo(415);
    assertThat(third.body())
        .isEqualTo(
            "the message 'io.prometheus.write.v3.Request' is unknown; send"
                + " io.prometheus.write.v2.Request or prometheus.WriteRequest\n");
    assertThat(write(body, "application/x-protobuf", "gzip").statusCode()).isEqualTo(415);
    assertThat(
            write(body, "application/x-protobuf; proto=prometheus.WriteRequest", "snappy")
                .statusCode())
        .isEqualTo(204);
  }

  @Test
  void refusalsOfTheIntakeReachTheSender() throws Exception {
    byte[] body =
        Snappy.compress(new WriteRequests().series("__name__", "a").sample(1000, 1).bytes());
    server.intake.failure = new WriteRefused(429, "too many samples a second");
    HttpResponse<String> limited = write(body);
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.body()).isEqualTo("too many samples a second\n");
    assertThat(limited.headers().firstValue("Retry-After")).isPresent();
    server.intake.failure = new WriteUnavailable("the disk is full", null);
    HttpResponse<String> full = write(body);
    assertThat(full.statusCode()).isEqualTo(503);
    assertThat(full.headers().firstValue("Retry-After")).isPresent();
    server.intake.failure = new WriteRefused(202, "another replica leads");
    HttpResponse<String> deduplicated = write(body);
    assertThat(deduplicated.statusCode()).isEqualTo(202);
    // To the sender it is as good as written.
    assertThat(deduplicated.headers().firstValue("X-Prometheus-Remote-Write-Samples-Written"))
        .isPresent()
        .get()
        .isNotEqualTo("0");
    server.intake.failure = null;
    assertThat(write(body).statusCode()).isEqualTo(204);
  }

  @Test
  void textIsImported() throws Exception {
    HttpResponse<String> response =
        importText(
            "# TYPE a counter\n# HELP a Help.\na{job=\"x\"} 1 1000\nb 2\n",
            "?extra_label=job=y&extra_label=dc=eu&timestamp=5000",
            "text/plain");
    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(query("a", "1"))
        .contains("{\"__name__\":\"a\",\"dc\":\"eu\",\"job\":\"y\"},\"value\":[1,\"1\"]");
    assertThat(query("b", "5")).contains("\"value\":[5,\"2\"]");
    assertThat(server.intake.metadata)
        .extracting(SampleBatch.MetadataRow::metadata)
        .containsExactly(new MetricMetadata("counter", "Help.", ""));
  }

  @Test
  void curlsDefaultContentTypeIsTextToo() throws Exception {
    assertThat(importText("c 7\n", "", "application/x-www-form-urlencoded").statusCode())
        .isEqualTo(204);
    assertThat(query("c", "1767323045.678")).contains("\"7\"");
  }

  @Test
  void openMetricsIsImported() throws Exception {
    HttpResponse<String> response =
        importText("d_total 3 1.5\n# EOF\n", "", "application/openmetrics-text; version=1.0.0");
    assertThat(response.body()).isEmpty();
    assertThat(query("d_total[1m]", "2")).contains("[1.500,\"3\"]");
  }

  @Test
  void exemplarsAreImportedWithOpenMetrics() throws Exception {
    HttpResponse<String> response =
        importText(
            "e_total 3 1.5 # {trace_id=\"abc\"} 0.5\n# EOF\n", "", "application/openmetrics-text");
    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(server.get("/api/v1/query_exemplars", "query", "e_total").body())
        .contains("{\"labels\":{\"trace_id\":\"abc\"},\"value\":\"0.5\",\"timestamp\":1.500}");
  }

  @Test
  void protobufIsImportedWithItsHistograms() throws Exception {
    byte[] body =
        new MetricFamilies()
            .family(
                "native",
                4,
                MetricFamilies.metric("job", "j")
                    .with("timestamp_ms", 3000)
                    .with(
                        "histogram",
                        MetricFamilies.message("Histogram")
                            .with("count", 5)
                            .with("sum", 2)
                            .with("zero_threshold", 1)
                            .with("zero_count", 5)),
                MetricFamilies.metric("job", "bad")
                    .with(
                        "histogram",
                        MetricFamilies.message("Histogram").with("count", 5).with("zero_count", 4)))
            .bytes();
    HttpResponse<String> response =
        server.send(
            server
                .request("/api/v1/import/prometheus?extra_label=dc=eu")
                .header("Content-Type", "application/vnd.google.protobuf; encoding=delimited")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .startsWith("kept 1 samples, refused 1 lines; first reasons: a metric of the family");
    assertThat(query("histogram_count(native{dc=\"eu\"})", "3")).contains("\"5\"");
  }

  @Test
  void badLinesAreNamedAndGoodOnesKept() throws Exception {
    HttpResponse<String> response =
        importText("ok 1 1000\nbad{ 2\nlate 1 99999999999999999\nok2 1 1000\n", "", "text/plain");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .startsWith("kept 2 samples, refused 2 lines; first reasons: line 2: ")
        .contains("the timestamp 99999999999999999 of late is not in the years 1 to 9999");
    assertThat(query("{__name__=~\"ok.*\"}", "1")).contains("\"ok\"", "\"ok2\"");
  }

  @Test
  void badImportParametersAreNamed() throws Exception {
    assertThat(importText("a 1\n", "?extra_label=x", "text/plain").body())
        .isEqualTo("extra_label 'x' is not of the form name=value\n");
    assertThat(importText("a 1\n", "?timestamp=x", "text/plain").body())
        .isEqualTo("timestamp 'x' is not a number of milliseconds since 1970\n");
  }

  @Test
  void largeImportsComeInPieces() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 50_000; i++) {
      text.append("big{i=\"").append(i % 100).append("\"} ").append(i).append(' ').append(i + 1);
      text.append('\n');
    }
    assertThat(importText(text.toString(), "", "text/plain").statusCode()).isEqualTo(204);
    assertThat(query("sum(count_over_time(big[1h]))", "60")).contains("\"50000\"");
  }

  private HttpResponse<String> write(byte[] body) throws Exception {
    return write(body, "application/x-protobuf", "snappy");
  }

  private HttpResponse<String> write(byte[] body, String type, String encoding) throws Exception {
    return server.send(
        server
            .request("/api/v1/write")
            .header("Content-Type", type)
            .header("Content-Encoding", encoding)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  private HttpResponse<String> importText(String text, String parameters, String type)
      throws Exception {
    return server.send(
        server
            .request("/api/v1/import/prometheus" + parameters)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(text, StandardCharsets.UTF_8)));
  }

  private String query(String promql, String time) throws Exception {
    return server.get("/api/v1/query", "query", promql, "time", time).body();
  }
}
