// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.skopos.testkit.process.ChildProcess;
import io.skopos.testkit.process.FreePort;
import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.SkoposProcess;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenTelemetry's Java SDK and agent push; what they pushed is asked for by PromQL. */
class OpenTelemetryTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static SdkMeterProvider provider(String service, MetricExporter exporter) {
    return SdkMeterProvider.builder()
        .setResource(
            Resource.create(
                Attributes.of(
                    AttributeKey.stringKey("service.name"),
                    service,
                    AttributeKey.stringKey("service.namespace"),
                    "shop",
                    AttributeKey.stringKey("service.instance.id"),
                    "one",
                    AttributeKey.stringKey("deployment.environment"),
                    "test")))
        .registerView(
            InstrumentSelector.builder().setName("size").build(),
            View.builder().setAggregation(Aggregation.base2ExponentialBucketHistogram()).build())
        .registerMetricReader(
            PeriodicMetricReader.builder(exporter).setInterval(Duration.ofHours(1)).build())
        .build();
  }

  private static void flush(SdkMeterProvider provider) {
    assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
  }

  private static double value(PrometheusApi api, String promql) throws Exception {
    double now = System.currentTimeMillis() / 1000.0 + 1;
    List<PrometheusApi.Series> found = api.query(promql, now);
    assertThat(found).as(promql).hasSize(1);
    return Double.parseDouble(found.getFirst().points().getFirst().getValue());
  }

  @Test
  void theSdkPushesCumulativeOverHttpAndDeltaOverGrpc(@TempDir Path work) throws Exception {
    try (SkoposProcess skopos =
            SkoposProcess.start(work, "--set", "host_metrics.enabled=false").awaitReady();
        SdkMeterProvider cumulative =
            provider(
                "cart",
                OtlpHttpMetricExporter.builder()
                    .setEndpoint(skopos.url() + "/v1/metrics")
                    .setCompression("gzip")
                    .build());
        SdkMeterProvider delta =
            provider(
                "mail",
                OtlpGrpcMetricExporter.builder()
                    .setEndpoint(skopos.url())
                    .setCompression("gzip")
                    .setAggregationTemporalitySelector(
                        AggregationTemporalitySelector.deltaPreferred())
                    .build())) {
      for (int round = 1; round <= 3; round++) {
        record(cumulative, round);
        record(delta, round);
        flush(cumulative);
        flush(delta);
      }
      PrometheusApi api = skopos.api();
      assertThat(value(api, "orders_total{job=\"shop/cart\",instance=\"one\",method=\"GET\"}"))
          .isEqualTo(6);
      assertThat(value(api, "orders_total{job=\"shop/mail\"}")).isEqualTo(3);
      assertThat(value(api, "sum_over_time(orders_total{job=\"shop/mail\"}[5m])")).isEqualTo(6);
      assertThat(value(api, "increase_exact(orders_total{job=\"shop/mail\"}[1h])")).isEqualTo(6);
      assertThat(value(api, "histogram_count(size{job=\"shop/cart\"})")).isEqualTo(3);
      assertThat(value(api, "histogram_sum(size{job=\"shop/cart\"})")).isEqualTo(2 + 4 + 8);
      assertThat(value(api, "histogram_count(size{job=\"shop/mail\"})")).isEqualTo(1);
      assertThat(api.get("/api/v1/query_exemplars", "query", "latency_seconds_bucket").body())
          .contains("\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\"");
      assertThat(value(api, "latency_seconds_bucket{job=\"shop/cart\",le=\"0.25\"}")).isEqualTo(3);
      assertThat(value(api, "latency_seconds_count{job=\"shop/cart\"}")).isEqualTo(6);
      assertThat(value(api, "latency_seconds_sum{job=\"shop/cart\"}")).isEqualTo(3 * 0.2 + 3 * 30);
      assertThat(value(api, "target_info{job=\"shop/cart\",deployment_environment=\"test\"}"))
          .isEqualTo(1);
      assertThat(api.get("/api/v1/metadata", "metric", "latency_seconds").body())
          .contains("\"type\":\"histogram\",\"unit\":\"seconds\",\"help\":\"how long\"");
      assertThat(api.get("/api/v1/status/ingest").body())
          .contains("\"protocol\":\"otlp\"", "\"rejectedRows\":0");
    }
  }

  private static void record(SdkMeterProvider provider, int round) {
    Meter meter = provider.get("test");
    LongCounter orders = meter.counterBuilder("orders").build();
    orders.add(round, Attributes.of(AttributeKey.stringKey("method"), "GET"));
    DoubleHistogram latency =
        meter
            .histogramBuilder("latency")
            .setUnit("s")
            .setDescription("how long")
            .setExplicitBucketBoundariesAdvice(List.of(0.25, 1.0))
            .build();
    SpanContext context =
        SpanContext.create(
            "0af7651916cd43dd8448eb211c80319c",
            "b7ad6b7169203331",
            TraceFlags.getSampled(),
            TraceState.getDefault());
    try (Scope unused = Span.wrap(context).makeCurrent()) {
      latency.record(0.2);
    }
    latency.record(30);
    meter.histogramBuilder("size").build().record(1 << round);
  }

  @Test
  void theAgentPushesWhatAnApplicationDoes(@TempDir Path work) throws Exception {
    Path agent =
        Arrays.stream(System.getProperty("java.class.path").split(":"))
            .filter(jar -> jar.contains("opentelemetry-javaagent"))
            .map(Path::of)
            .findFirst()
            .orElseThrow();
    int port = FreePort.find();
    try (SkoposProcess skopos =
            SkoposProcess.start(work, "--set", "host_metrics.enabled=false").awaitReady();
        ChildProcess application =
            ChildProcess.start(
                work,
                work.resolve("application.log"),
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-javaagent:" + agent,
                    "-Dotel.service.name=hello",
                    "-Dotel.exporter.otlp.endpoint=" + skopos.url(),
                    "-Dotel.exporter.otlp.protocol=http/protobuf",
                    "-Dotel.traces.exporter=none",
                    "-Dotel.logs.exporter=none",
                    "-Dotel.metric.export.interval=1000",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Hello.class.getName(),
                    Integer.toString(port)))) {
      HttpClient client = HttpClient.newHttpClient();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/hello")).build();
      application.await(() -> answers(client, request), PATIENCE);
      application.await(
          () -> has(skopos.api(), "http_server_request_duration_seconds_count{job=\"hello\"} >= 1"),
          PATIENCE);
      List<PrometheusApi.Series> requests =
          skopos
              .api()
              .query(
                  "http_server_request_duration_seconds_count{job=\"hello\"}",
                  System.currentTimeMillis() / 1000.0);
      Map<String, String> labels = requests.getFirst().labels();
      assertThat(labels)
          .containsEntry("http_request_method", "GET")
          .containsEntry("http_response_status_code", "200");
      assertThat(has(skopos.api(), "jvm_memory_used_bytes{job=\"hello\"}")).isTrue();
      assertThat(has(skopos.api(), "target_info{job=\"hello\",telemetry_sdk_language=\"java\"}"))
          .isTrue();
    }
  }

  private static boolean answers(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
    } catch (java.io.IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean has(PrometheusApi api, String promql) {
    try {
      return !api.query(promql, System.currentTimeMillis() / 1000.0).isEmpty();
    } catch (java.io.IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The application the agent is attached to. */
  public static final class Hello {

    private Hello() {}

    public static void main(String[] arguments) throws Exception {
      HttpServer server =
          HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 0);
      server.createContext(
          "/hello",
          exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'h', 'i'});
            exchange.close();
          });
      server.start();
    }
  }
}
