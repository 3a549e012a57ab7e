// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.logs.LogsConfig;
import io.skopos.logs.store.LogBatch;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Batch;
import io.skopos.storage.Deletion;
import io.skopos.storage.Intake;
import io.skopos.storage.WriteRefused;
import io.skopos.web.Readiness;
import io.skopos.web.Routes;
import io.skopos.web.WebConfig;
import io.skopos.web.WebServer;
import io.skopos.web.receive.Receipts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The receiver over real sockets, with OpenTelemetry's own exporters. */
class OtlpLogsEndpointTest {

  private final List<String> entries = Collections.synchronizedList(new ArrayList<>());
  private volatile @Nullable RuntimeException failure;
  private WebServer server;

  @BeforeEach
  void start() throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    Intake intake =
        new Intake() {
          @Override
          public CompletableFuture<Void> append(TenantId tenant, Batch batch) {
            LogBatch logs = (LogBatch) batch;
            for (int row = 0; row < logs.rows(); row++) {
              entries.add(
                  tenant
                      + " "
                      + logs.streamLabels(logs.streamOf(row))
                      + " "
                      + new String(
                          logs.lineBytes(),
                          logs.lineFrom(row),
                          logs.lineLength(row),
                          StandardCharsets.UTF_8)
                      + " "
                      + logs.metadata(row).getOrEmpty("detected_level")
                      + " "
                      + logs.metadata(row).getOrEmpty("user_id"));
            }
            RuntimeException refusal = failure;
            return refusal == null
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(refusal);
          }

          @Override
          public CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion) {
            return CompletableFuture.completedFuture(null);
          }
        };
    Routes routes = new Routes();
    new OtlpLogsEndpoint(
            intake,
            new Receipts(InstantSource.system(), registry),
            _ -> LogsConfig.DEFAULT,
            InstantSource.system())
        .register(routes);
    Readiness readiness = new Readiness();
    server = new WebServer(WebConfig.listeningOn("127.0.0.1:0"), routes, readiness, registry);
    server.start();
    readiness.ready();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String url() {
    return "http://127.0.0.1:" + server.port();
  }

  private static void log(LogRecordExporter exporter) {
    try (SdkLoggerProvider provider =
        SdkLoggerProvider.builder()
            .setResource(
                Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "shop")))
            .addLogRecordProcessor(SimpleLogRecordProcessor.create(exporter))
            .build()) {
      provider
          .get("lib")
          .logRecordBuilder()
          .setSeverity(Severity.ERROR)
          .setBody("it failed")
          .setAttribute(AttributeKey.stringKey("user.id"), "u1")
          .emit();
      assertThat(provider.forceFlush().join(20, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
  }

  @Test
  void theSdkSendsOverHttp() {
    log(
        OtlpHttpLogRecordExporter.builder()
            .setEndpoint(url() + "/otlp/v1/logs")
            .addHeader("X-Scope-OrgID", "team")
            .setCompression("gzip")
            .build());
    assertThat(entries).containsExactly("team {service_name=\"shop\"} it failed error u1");
  }

  @Test
  void theSdkSendsOverGrpc() {
    log(OtlpGrpcLogRecordExporter.builder().setEndpoint(url()).setCompression("gzip").build());
    assertThat(entries).containsExactly("anonymous {service_name=\"shop\"} it failed error u1");
  }

  @Test
  void whatALimitLeavesOutIsPartialSuccess() throws Exception {
    failure = new WriteRefused(400, "one is too long", 1, 1);
    String json =
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"a\"}},"
            + "{\"body\":{\"stringValue\":\"b\"}}]}]}]}";
    HttpResponse<String> answer = post("application/json", json.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"partialSuccess\":{\"rejectedLogRecords\":\"1\",\"errorMessage\":\"rejected 1 of 2"
                + " log records; first reasons: one is too long\"}}");
  }

  @Test
  void nothingIsAnEmptySuccessAndNonsenseIsRefused() throws Exception {
    HttpResponse<String> empty = post("application/x-protobuf", new byte[0]);
    assertThat(empty.statusCode()).isEqualTo(200);
    assertThat(ExportLogsServiceResponse.parseFrom(empty.body().getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(ExportLogsServiceResponse.getDefaultInstance());
    assertThat(post("application/x-protobuf", new byte[] {1, 2, 3}).statusCode()).isEqualTo(400);
    assertThat(post("text/plain", new byte[0]).statusCode()).isEqualTo(415);
  }

  private HttpResponse<String> post(String type, byte[] body) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(url() + "/v1/logs"))
              .header("Content-Type", type)
              .POST(HttpRequest.BodyPublishers.ofByteArray(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
