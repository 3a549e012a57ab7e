// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Batch;
import io.skopos.storage.Deletion;
import io.skopos.storage.Intake;
import io.skopos.storage.WriteRefused;
import io.skopos.web.ErrorShape;
import io.skopos.web.Readiness;
import io.skopos.web.Routes;
import io.skopos.web.WebConfig;
import io.skopos.web.WebServer;
import io.skopos.web.access.Right;
import io.skopos.web.receive.Receipts;
import io.skopos.web.receive.ReceiveStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The receiver over real sockets: HTTP in both encodings, and gRPC frames. */
class OtlpEndpointTest {

  private static final String PROTOBUF = "application/x-protobuf";
  private static final String GRPC =
      "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

  private final List<String> series = new ArrayList<>();
  private @Nullable RuntimeException failure;
  private WebServer server;
  private HttpClient client;

  @BeforeEach
  void start() throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    Receipts receipts = new Receipts(InstantSource.system(), registry);
    Intake intake =
        new Intake() {
          @Override
          public synchronized CompletableFuture<Void> append(TenantId tenant, Batch batch) {
            if (failure != null) {
              return CompletableFuture.failedFuture(failure);
            }
            SampleBatch samples = (SampleBatch) batch;
            for (int i = 0; i < samples.seriesCount(); i++) {
              series.add(tenant + samples.labels(i).toString());
            }
            return CompletableFuture.completedFuture(null);
          }

          @Override
          public CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion) {
            return CompletableFuture.completedFuture(null);
          }
        };
    Routes routes = new Routes();
    new OtlpEndpoint(intake, receipts, InstantSource.system()).register(routes);
    new ReceiveStatus(receipts).register(routes.family(ErrorShape.JSON, Right.READ));
    Readiness readiness = new Readiness();
    server = new WebServer(WebConfig.listeningOn("127.0.0.1:0"), routes, readiness, registry);
    server.start();
    readiness.ready();
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  private static byte[] request(long goodTime) {
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .addMetrics(
                            Metric.newBuilder()
                                .setName("g")
                                .setGauge(
                                    Gauge.newBuilder()
                                        .addDataPoints(
                                            NumberDataPoint.newBuilder()
                                                .setTimeUnixNano(goodTime)
                                                .setAsInt(1))
                                        .addDataPoints(
                                            NumberDataPoint.newBuilder()
                                                .setTimeUnixNano(1_700_000_000_000_000_000L)
                                                .setAsInt(2))))))
        .build()
        .toByteArray();
  }

  private HttpResponse<byte[]> post(String path, String type, byte[] body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static @Nullable String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  @Test
  void allTakenIsAnEmptyAnswerInTheRequestsType() throws Exception {
    HttpResponse<byte[]> answer =
        post("/v1/metrics", PROTOBUF, request(1_600_000_000_000_000_000L), "X-Scope-OrgID", "t1");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(header(answer, "Content-Type")).isEqualTo(PROTOBUF);
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write("{\"resourceMetrics\":[],\"unknown\":[{}]}".getBytes(StandardCharsets.UTF_8));
    }
    answer =
        post(
            "/api/v1/otlp/v1/metrics",
            "application/json; charset=utf-8",
            zipped.toByteArray(),
            "Content-Encoding",
            "gzip");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(text(answer)).isEqualTo("{}");
    assertThat(series).containsExactly("t1{__name__=\"g\"}", "t1{__name__=\"g\"}");
  }

  @Test
  void partOfItRejectedIsPartialSuccess() throws Exception {
    HttpResponse<byte[]> answer = post("/v1/metrics", PROTOBUF, request(0));
    assertThat(answer.statusCode()).isEqualTo(200);
    var partial = ExportMetricsServiceResponse.parseFrom(answer.body()).getPartialSuccess();
    assertThat(partial.getRejectedDataPoints()).isEqualTo(1);
    assertThat(partial.getErrorMessage()).contains("rejected 1 of 2 data points", "time_unix_nano");

    String json =
        """
        {"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "c", "sum":
          {"isMonotonic": true, "dataPoints": [{"asInt": "3", "timeUnixNano": 1}]}}]}]}]}
        """;
    answer = post("/v1/metrics", "application/json", json.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(text(answer))
        .startsWith("{\"partialSuccess\":{\"rejectedDataPoints\":\"1\",\"errorMessage\":")
        .contains("no aggregation_temporality");

    HttpResponse<String> status =
        client.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:" + server.port() + "/api/v1/status/ingest?limit=1"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(status.body())
        .contains("\"protocol\":\"otlp\",\"rows\":1,\"rejectedRows\":2")
        .contains("\"reason\":\"unsupported\"")
        .doesNotContain("\"reason\":\"time\"");
  }

  @Test
  void undecodableBodiesAre400WithAStatusMessage() throws Exception {
    HttpResponse<byte[]> answer = post("/v1/metrics", PROTOBUF, new byte[] {10, 5, 1});
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(header(answer, "Content-Type")).isEqualTo(PROTOBUF);
    assertThat(text(answer)).contains("ResourceMetrics declares 5 bytes where 1 are left");
    answer =
        post(
            "/v1/metrics",
            "application/json",
            "{\"resourceMetrics\": [{]}".getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(text(answer)).startsWith("{\"code\":3,\"message\":\"malformed OTLP JSON at line 1");
    assertThat(post("/v1/metrics", "text/plain", new byte[0]).statusCode()).isEqualTo(415);
    assertThat(
            post("/v1/metrics", PROTOBUF, new byte[] {1}, "Content-Encoding", "gzip").statusCode())
        .isEqualTo(400);
  }

  @Test
  void limitsAreRetryable() throws Exception {
    failure = new WriteRefused(429, "too fast", Duration.ofSeconds(7));
    HttpResponse<byte[]> answer = post("/v1/metrics", PROTOBUF, request(1));
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(header(answer, "Retry-After")).isEqualTo("7");
    answer = post(GRPC, "application/grpc", frame(request(1)));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "grpc-status")).isEqualTo("8");
    assertThat(header(answer, "grpc-message")).isEqualTo("too fast");
    assertThat(header(answer, "grpc-status-details-bin")).isNotNull();
  }

  private static byte[] frame(byte[] message) {
    byte[] frame = new byte[5 + message.length];
    frame[3] = (byte) (message.length >>> 8);
    frame[4] = (byte) message.length;
    System.arraycopy(message, 0, frame, 5, message.length);
    return frame;
  }

  @Test
  void grpcTakesFramesAndRefusesOthers() throws Exception {
    HttpResponse<byte[]> answer = post(GRPC, "application/grpc", frame(request(0)));
    assertThat(answer.statusCode()).isEqualTo(200);
    byte[] message = java.util.Arrays.copyOfRange(answer.body(), 5, answer.body().length);
    assertThat(
            ExportMetricsServiceResponse.parseFrom(message)
                .getPartialSuccess()
                .getRejectedDataPoints())
        .isEqualTo(1);
    assertThat(header(post(GRPC, "application/grpc", new byte[3]), "grpc-status")).isEqualTo("3");
    assertThat(header(post(GRPC, "application/grpc", frame(new byte[] {10, 5})), "grpc-status"))
        .isEqualTo("3");
  }

  @Test
  void theOfficialExampleIsTakenWhole() throws Exception {
    String conformance = System.getProperty("skopos.conformance", "");
    if (conformance.isEmpty()) {
      Assumptions.abort("skipped: -Dskopos.conformance is not given");
    }
    byte[] json = Files.readAllBytes(Path.of(conformance, "otlp", "metrics.json"));
    HttpResponse<byte[]> answer = post("/v1/metrics", "application/json", json);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(text(answer)).isEqualTo("{}");
    List<String> fromJson = List.copyOf(series);
    assertThat(fromJson)
        .contains(
            "anonymous{__name__=\"my_counter_total\", job=\"my.service\","
                + " my_counter_attr=\"some value\"}",
            "anonymous{__name__=\"my_gauge_ratio\", job=\"my.service\","
                + " my_gauge_attr=\"some value\"}",
            "anonymous{__name__=\"my_histogram_bucket\", job=\"my.service\", le=\"1\","
                + " my_histogram_attr=\"some value\"}",
            "anonymous{__name__=\"my_exponential_histogram\", job=\"my.service\","
                + " my_exponential_histogram_attr=\"some value\"}");

    // What the conversion made of it is what the generated classes read.
    JsonToProtobuf.Protobuf converted =
        JsonToProtobuf.convert(json, json.length, JsonSchema.REQUEST);
    byte[] again =
        ExportMetricsServiceRequest.parseFrom(
                java.util.Arrays.copyOf(converted.bytes(), converted.length()))
            .toByteArray();
    series.clear();
    assertThat(post("/v1/metrics", PROTOBUF, again).body()).isEmpty();
    assertThat(series).isEqualTo(fromJson);
    series.clear();
    assertThat(post(GRPC, "application/grpc", frame(again)).body()).isEqualTo(frame(new byte[0]));
    assertThat(series).isEqualTo(fromJson);
  }
}
