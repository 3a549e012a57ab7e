// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import com.fasterxml.jackson.core.JsonFactory;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.logs.LogsConfig;
import io.skopos.logs.language.LogqlEngine;
import io.skopos.logs.receive.LogReceiveApi;
import io.skopos.logs.store.LogBatch;
import io.skopos.logs.store.LogSource;
import io.skopos.logs.store.LogStore;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.serving.query.QueryCapacity;
import io.skopos.serving.query.QueryLimits;
import io.skopos.serving.query.QueryListEndpoints;
import io.skopos.storage.Batch;
import io.skopos.storage.Deletion;
import io.skopos.storage.Ground;
import io.skopos.storage.Intake;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.web.Readiness;
import io.skopos.web.Routes;
import io.skopos.web.WebConfig;
import io.skopos.web.WebServer;
import io.skopos.web.receive.Receipts;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** Loki's interface over a store on disk, without limits of the intake, on a free port. */
final class LokiServer implements AutoCloseable {

  /** Whose data requests are about from now on. */
  String tenant = "anonymous";

  private final Ground ground;
  private final QueryCapacity capacity;
  private final WebServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  LokiServer(Path directory, LogsConfig config) throws IOException {
    this(directory, config, 4, store -> store);
  }

  /**
   * @param threads queries that run at once
   * @param asked what questions are put to instead of the store
   */
  LokiServer(Path directory, LogsConfig config, int threads, UnaryOperator<LogSource> asked)
      throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    InstantSource clock = InstantSource.system();
    MemoryBudget memory = new MemoryBudget(256L << 20);
    ground =
        Ground.open(directory, StorageConfig.defaults(), new RealDisk(), clock, memory, registry);
    LogStore store =
        new LogStore(ground.sharding(), ground.parts(), ground.manifests(), memory, registry);
    ground.start(List.of(store));
    Listening intake = new Listening();
    capacity = new QueryCapacity(threads, 16, registry);
    LogSource source = asked.apply(store);
    LokiApi api =
        new LokiApi(
            source,
            new LogqlEngine(source),
            intake,
            _ -> config,
            capacity,
            new QueryLimits(Duration.ofMinutes(1), 0, 0, 0, 0, 0, 0),
            Thread.ofPlatform().daemon().name("tail-", 0).factory(),
            clock,
            registry);
    intake.api = api;
    Routes routes = new Routes();
    api.register(routes);
    new QueryListEndpoints(capacity).register(routes);
    new LogReceiveApi(intake, new Receipts(clock, registry), _ -> config, clock).register(routes);
    Readiness readiness = new Readiness();
    server = new WebServer(WebConfig.listeningOn("127.0.0.1:0"), routes, readiness, registry);
    server.start();
    readiness.ready();
  }

  /** The ground without limits. */
  private final class Listening implements Intake {

    @SuppressWarnings("NullAway.Init")
    private LokiApi api;

    @Override
    public CompletableFuture<Void> append(TenantId tenant, Batch batch) {
      return ground
          .write(batch.toFrames(tenant, ground.sharding()))
          .thenAccept(_ -> api.appended(tenant, (LogBatch) batch));
    }

    @Override
    public CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion) {
      return ground.delete(tenant, signal, deletion);
    }
  }

  int port() {
    return server.port();
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  HttpResponse<String> post(String path, String contentType, byte[] body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("Content-Type", contentType)
            .header("X-Scope-OrgID", tenant)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> push(String json) throws Exception {
    return post("/loki/api/v1/push", "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  HttpResponse<String> get(String path, String... namesAndValues) throws Exception {
    return client.send(
        request(path + query(namesAndValues)).build(), HttpResponse.BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> getLater(String path, String... namesAndValues) {
    return client.sendAsync(
        request(path + query(namesAndValues)).build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> delete(String path) throws Exception {
    return client.send(request(path).DELETE().build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create(url() + pathAndQuery))
        .timeout(Duration.ofMinutes(1))
        .header("X-Scope-OrgID", tenant);
  }

  static String query(String... namesAndValues) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      text.append(i == 0 ? '?' : '&')
          .append(namesAndValues[i])
          .append('=')
          .append(URLEncoder.encode(namesAndValues[i + 1], StandardCharsets.UTF_8));
    }
    return text.toString();
  }

  /** The lines of a query over all times, in the order of the answer. */
  List<String> lines(String logql) throws Exception {
    HttpResponse<String> answer =
        get(
            "/loki/api/v1/query_range",
            "query",
            logql,
            "start",
            "1000000000",
            "end",
            "4000000000",
            "direction",
            "forward",
            "limit",
            "5000");
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    List<String> lines = new ArrayList<>();
    try (var in = new JsonFactory().createParser(answer.body())) {
      // Lines are the second texts of the pairs within "values".
      int depth = 0;
      boolean values = false;
      int inPair = 0;
      while (in.nextToken() != null) {
        switch (in.currentToken()) {
          case FIELD_NAME -> values |= in.currentName().equals("values");
          case START_ARRAY -> {
            depth += values ? 1 : 0;
            inPair = 0;
          }
          case END_ARRAY -> {
            depth -= values ? 1 : 0;
            values &= depth > 0;
          }
          case VALUE_STRING -> {
            if (values && depth == 2 && ++inPair == 2) {
              lines.add(in.getText());
            }
          }
          default -> {}
        }
      }
    }
    return lines;
  }

  @Override
  public void close() {
    server.close();
    capacity.close();
    ground.close();
  }
}
