// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.events.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.events.EventStore;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
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
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The events API over a ground in a directory, on a free port. */
final class EventsServer implements AutoCloseable {

  /** What the server takes for now. */
  static final Instant NOW = Instant.parse("2026-03-02T10:00:00.500Z");

  private final Ground ground;
  private final WebServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** An answer, its body read as maps, lists, texts, numbers and booleans. */
  record Answer(int status, Map<String, Object> body) {

    @SuppressWarnings("unchecked")
    Map<String, Object> data() {
      return (Map<String, Object>) Objects.requireNonNull(body.get("data"));
    }

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> list() {
      return (List<Map<String, Object>>) Objects.requireNonNull(body.get("data"));
    }

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> events() {
      return (List<Map<String, Object>>) Objects.requireNonNull(data().get("events"));
    }

    List<Object> titles() {
      return events().stream().map(event -> event.get("title")).toList();
    }

    String error() {
      return String.valueOf(body.get("error"));
    }
  }

  /** Writes straight to the ground. */
  private static final class DirectIntake implements Intake {

    private final Ground ground;

    private DirectIntake(Ground ground) {
      this.ground = ground;
    }

    @Override
    public CompletableFuture<Void> append(TenantId tenant, Batch batch) {
      return ground.write(batch.toFrames(tenant, ground.sharding())).thenApply(_ -> null);
    }

    @Override
    public CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion) {
      return ground.delete(tenant, signal, deletion);
    }
  }

  EventsServer(Path directory) throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    ground =
        Ground.open(
            directory,
            StorageConfig.defaults(),
            new RealDisk(),
            () -> NOW,
            new MemoryBudget(128 << 20),
            registry);
    EventStore store = new EventStore(ground.parts(), ground.manifests(), ground.sharding());
    ground.start(List.of(store.rows()));
    Routes routes = new Routes();
    new EventRoutes(store, new DirectIntake(ground), () -> NOW).register(routes);
    Readiness readiness = new Readiness();
    server = new WebServer(WebConfig.listeningOn("127.0.0.1:0"), routes, readiness, registry);
    server.start();
    readiness.ready();
  }

  void flush() throws Exception {
    ground.flush().get(30, TimeUnit.SECONDS);
  }

  Answer post(String tenant, byte[] body) throws Exception {
    return send(
        request("/api/v1/events")
            .header("X-Scope-OrgID", tenant)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  /** Names and values of parameters are encoded. */
  Answer find(String tenant, String... namesAndValues) throws Exception {
    StringBuilder query = new StringBuilder("/api/v1/events");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      query
          .append(i == 0 ? '?' : '&')
          .append(namesAndValues[i])
          .append('=')
          .append(URLEncoder.encode(namesAndValues[i + 1], StandardCharsets.UTF_8));
    }
    return get(tenant, query.toString());
  }

  Answer get(String tenant, String path) throws Exception {
    return send(request(path).header("X-Scope-OrgID", tenant));
  }

  private HttpRequest.Builder request(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + pathAndQuery))
        .timeout(Duration.ofSeconds(30));
  }

  private Answer send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    try (JsonParser json = new JsonFactory().createParser(response.body())) {
      json.nextToken();
      @SuppressWarnings("unchecked")
      Map<String, Object> body = (Map<String, Object>) value(json);
      return new Answer(response.statusCode(), body == null ? Map.of() : body);
    }
  }

  private static @Nullable Object value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String name = json.currentName();
          json.nextToken();
          object.put(name, value(json));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(json));
        }
        yield array;
      }
      case VALUE_TRUE, VALUE_FALSE -> json.getBooleanValue();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_NULL -> null;
      default -> json.getText();
    };
  }

  @Override
  public void close() {
    server.close();
    ground.close();
    client.close();
  }
}
