// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.metrics.language.PromqlEngine;
import io.skopos.metrics.language.conformance.InMemorySamples;
import io.skopos.metrics.receive.ReceiveApi;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.Labels;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.serving.query.QueryCapacity;
import io.skopos.serving.query.QueryListEndpoints;
import io.skopos.storage.Batch;
import io.skopos.storage.Deletion;
import io.skopos.storage.Intake;
import io.skopos.testkit.process.PrometheusApi.Answer;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The API over samples in memory, on a free port. */
final class ApiServer implements AutoCloseable {

  /** What the server takes for now. */
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

  final InMemorySamples samples = new InMemorySamples();
  final WritableMemory intake = new WritableMemory();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  final Receipts receipts;
  private final QueryCapacity capacity;
  private final WebServer server;

  /** An intake that keeps what it is given, or fails as told. */
  final class WritableMemory implements Intake {

    final List<Deletion> deletions = new ArrayList<>();
    final List<SampleBatch.MetadataRow> metadata = new ArrayList<>();
    @Nullable RuntimeException failure;

    @Override
    public synchronized CompletableFuture<Void> append(TenantId tenant, Batch batch) {
      if (failure != null) {
        return CompletableFuture.failedFuture(failure);
      }
      samples.write(tenant, (SampleBatch) batch);
      metadata.addAll(((SampleBatch) batch).metadata());
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletableFuture<Void> delete(
        TenantId tenant, Signal signal, Deletion deletion) {
      deletions.add(deletion);
      return CompletableFuture.completedFuture(null);
    }
  }

  ApiServer() throws IOException {
    this(QueryConfig.DEFAULT, TargetsView.NONE, null);
  }

  ApiServer(QueryConfig config, TargetsView targets, @Nullable SampleSource source)
      throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    receipts = new Receipts(() -> NOW, registry);
    capacity = new QueryCapacity(config.threads(), config.queue(), registry);
    SampleSource asked = source == null ? samples : source;
    PrometheusApi api =
        new PrometheusApi(
            config,
            asked,
            new PromqlEngine(asked),
            intake,
            targets,
            new FixedServer(),
            () -> NOW,
            receipts,
            capacity,
            registry);
    Routes routes = new Routes();
    api.register(routes);
    new QueryListEndpoints(capacity).register(routes);
    new ReceiveApi(intake, receipts, () -> NOW).register(routes);
    Readiness readiness = new Readiness();
    server = new WebServer(WebConfig.listeningOn("127.0.0.1:0"), routes, readiness, registry);
    server.start();
    readiness.ready();
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  int port() {
    return server.port();
  }

  HttpRequest.Builder request(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create(url() + pathAndQuery)).timeout(Duration.ofSeconds(30));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<byte[]> sendForBytes(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Names and values of parameters are encoded. */
  Answer get(String path, String... namesAndValues) throws Exception {
    return new io.skopos.testkit.process.PrometheusApi(url(), null).get(path, namesAndValues);
  }

  @Override
  public void close() {
    server.close();
    capacity.close();
    client.close();
  }

  private static final class FixedServer implements ServerView {

    @Override
    public String configYaml() {
      return "global:\n  scrape_interval: 15s\n";
    }

    @Override
    public Map<String, String> flags() {
      return Map.of("web.listen", "127.0.0.1:0", "data", "/d");
    }

    @Override
    public Labels externalLabels() {
      return Labels.of("region", "eu", "job", "not-this");
    }

    @Override
    public BuildInfo buildInfo() {
      return new BuildInfo("0.1.0", "abc", "main", "u", "20260101", "25");
    }

    @Override
    public RuntimeInfo runtimeInfo() {
      return new RuntimeInfo(
          NOW.minusSeconds(60), "/w", "host", true, NOW, 2, 30, 4, 1 << 30, "15d");
    }
  }
}
