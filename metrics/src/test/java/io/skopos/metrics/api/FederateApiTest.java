// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.exposition.AcceptedFormat;
import io.skopos.metrics.exposition.ExpositionFormat;
import io.skopos.metrics.exposition.ExpositionParser;
import io.skopos.metrics.exposition.LabelMapping;
import io.skopos.metrics.exposition.SampleBatchSink;
import io.skopos.metrics.exposition.SeriesCache;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FederateApiTest {

  private static final long NOW = ApiServer.NOW.toEpochMilli();
  private static final String PROTOBUF =
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
  private static final NativeHistogram HISTOGRAM =
      new NativeHistogram(
          3,
          true,
          ResetHint.UNKNOWN,
          0.5,
          1,
          9,
          4.5,
          new Buckets(new int[] {-2, 2, 3, 1}, new double[] {1, 3, 2}),
          new Buckets(new int[] {0, 1}, new double[] {2}),
          NativeHistogram.NO_CUSTOM_VALUES);

  private static ApiServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new ApiServer();
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "up", "job", "a", "instance", "h:1"));
    batch.sample(NOW - 60_000, 0);
    batch.sample(NOW - 1000, 1);
    batch.series(Labels.of("__name__", "up", "job", "b"));
    batch.sample(NOW - 2000, 1234567.5);
    batch.series(Labels.of("__name__", "up", "job", "gone"));
    batch.sample(NOW - 2000, 1);
    batch.sample(NOW - 1000, StaleMarker.VALUE);
    batch.series(Labels.of("__name__", "up", "job", "old"));
    batch.sample(NOW - 300_000, 1);
    batch.series(Labels.of("__name__", "a_total", "job", "a", "Z", "quote\"\\\n"));
    batch.sample(NOW, Double.POSITIVE_INFINITY);
    batch.series(Labels.of("__name__", "a.dot", "job", "a", "l.dot", "1"));
    batch.sample(NOW, 1);
    batch.series(Labels.of("__name__", "h", "job", "a"));
    batch.histogram(NOW - 5, HISTOGRAM, 0);
    server.samples.write(new TenantId("anonymous"), batch);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void textHasTheLatestLiveSamplesByName() throws Exception {
    HttpResponse<String> response = federate(null, "{job=~\".+\"}", "up{job=\"a\"}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(response.body())
        .isEqualTo(
            """
            # TYPE a_dot untyped
            a_dot{job="a",l_dot="1",region="eu",instance=""} 1 1767323045678
            # TYPE a_total untyped
            a_total{Z="quote\\"\\\\\\n",job="a",region="eu",instance=""} +Inf 1767323045678
            # TYPE up untyped
            up{instance="h:1",job="a",region="eu"} 1 1767323044678
            up{job="b",region="eu",instance=""} 1.2345675e+06 1767323043678
            """);
  }

  @Test
  void openMetricsAndAnyNamesAreNegotiated() throws Exception {
    HttpResponse<String> response =
        federate(
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.8,text/plain;q=0.5",
            "{__name__=~\"a.+\"}");
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue(
            "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8");
    assertThat(response.body())
        .isEqualTo(
            """
            # TYPE "a.dot" unknown
            {"a.dot",job="a","l.dot"="1",region="eu",instance=""} 1.0 1767323045.678
            # TYPE a_total unknown
            a_total{Z="quote\\"\\\\\\n",job="a",region="eu",instance=""} +Inf 1767323045.678
            # EOF
            """);
    parse(ExpositionFormat.OPENMETRICS, response.body().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void protobufBringsNativeHistogramsToo() throws Exception {
    HttpResponse<byte[]> response =
        server.sendForBytes(
            server
                .request("/federate?match%5B%5D=" + encoded("{job=\"a\"}"))
                .header("Accept", PROTOBUF + ",text/plain;q=0.3"));
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily");
    SampleBatch batch = parse(ExpositionFormat.PROTOBUF, response.body());
    List<String> rows = new ArrayList<>();
    for (int series = 0; series < batch.seriesCount(); series++) {
      int sample = batch.sampleStart(series);
      rows.add(batch.labels(series) + " " + batch.value(sample) + " " + batch.timeMs(sample));
    }
    assertThat(rows)
        .containsExactly(
            "{__name__=\"a_dot\", job=\"a\", l_dot=\"1\", region=\"eu\"} 1.0 1767323045678",
            "{Z=\"quote\\\"\\\\\\n\", __name__=\"a_total\", job=\"a\", region=\"eu\"} Infinity"
                + " 1767323045678",
            "{__name__=\"h\", job=\"a\", region=\"eu\"} 4.5 1767323045673",
            "{__name__=\"up\", instance=\"h:1\", job=\"a\", region=\"eu\"} 1.0 1767323044678");
    assertThat(batch.histogramAt(2)).isEqualTo(HISTOGRAM);
  }

  @Test
  void nothingIsSelectedByNothingAndBadSelectorsAreNamed() throws Exception {
    assertThat(federate(null).body()).isEmpty();
    HttpResponse<String> bad = federate(null, "up{");
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(bad.body()).contains("parse error");
    assertThat(federate(null, "{job=~\".*\"}").statusCode()).isEqualTo(400);
  }

  @Test
  void theWeightsOfAcceptDecide() {
    assertThat(AcceptedFormat.ofAccept(null).format()).isEqualTo(ExpositionFormat.TEXT);
    assertThat(AcceptedFormat.ofAccept("text/html, */*;q=0.1").format())
        .isEqualTo(ExpositionFormat.TEXT);
    assertThat(AcceptedFormat.ofAccept("text/plain;q=0.3," + PROTOBUF + ";q=0.9").format())
        .isEqualTo(ExpositionFormat.PROTOBUF);
    assertThat(AcceptedFormat.ofAccept(PROTOBUF.replace("delimited", "text")).format())
        .isEqualTo(ExpositionFormat.TEXT);
    assertThat(AcceptedFormat.ofAccept("application/openmetrics-text;q=x").format())
        .isEqualTo(ExpositionFormat.TEXT);
  }

  private static SampleBatch parse(ExpositionFormat format, byte[] body) throws Exception {
    SampleBatch batch = new SampleBatch();
    SampleBatchSink sink = new SampleBatchSink(batch, 0);
    ExpositionParser.lax(format)
        .parse(body, 0, body.length, new SeriesCache(LabelMapping.IDENTITY, 100), sink);
    assertThat(sink.reported()).isEmpty();
    return batch;
  }

  private static HttpResponse<String> federate(
      @org.jspecify.annotations.Nullable String accept, String... selectors) throws Exception {
    StringBuilder path = new StringBuilder("/federate?x=");
    for (String selector : selectors) {
      path.append("&match%5B%5D=").append(encoded(selector));
    }
    var request = server.request(path.toString());
    return server.send(accept == null ? request : request.header("Accept", accept));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
