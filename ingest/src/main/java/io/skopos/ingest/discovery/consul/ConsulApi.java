// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.consul;

import io.skopos.ingest.http.Deadline;
import io.skopos.ingest.http.FetchFailure;
import io.skopos.ingest.http.HttpAnswer;
import io.skopos.ingest.http.HttpCall;
import io.skopos.ingest.http.HttpClient;
import io.skopos.ingest.json.JsonValue;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The three questions we have for Consul; two of them wait for changes. */
final class ConsulApi {

  private static final int MAX_BYTES = 64 << 20;
  private static final Duration WAIT = Duration.ofMinutes(2);

  private final ConsulDiscoverySettings settings;
  private final HttpClient client;
  private final String common;

  ConsulApi(ConsulDiscoverySettings settings, HttpClient client) {
    this.settings = settings;
    this.client = client;
    StringBuilder parameters = new StringBuilder();
    add(parameters, "dc", settings.datacenter());
    add(parameters, "ns", settings.namespace());
    add(parameters, "partition", settings.partition());
    settings.nodeMeta().forEach((name, value) -> add(parameters, "node-meta", name + ":" + value));
    if (settings.allowStale()) {
      parameters.append("&stale");
    }
    this.common = parameters.toString();
  }

  /**
   * An answer and the index after which a change counts as new.
   *
   * @param index 0 to ask without waiting
   */
  record Indexed(JsonValue body, long index) {}

  /** The services with their tags, once they differ from what {@code index} knew. */
  Indexed services(long index) throws FetchFailure, InterruptedException {
    StringBuilder query = blocking(index);
    add(query, "filter", settings.filter());
    return get("/v1/catalog/services", query, index);
  }

  /** A service's instances with node and checks, once they differ. */
  Indexed instances(String service, long index) throws FetchFailure, InterruptedException {
    StringBuilder query = blocking(index);
    settings.tags().forEach(tag -> add(query, "tag", tag));
    add(query, "filter", settings.healthFilter());
    return get("/v1/health/service/" + encode(service), query, index);
  }

  /** The datacenter of the agent we talk to. */
  String ownDatacenter() throws FetchFailure, InterruptedException {
    Indexed self = get("/v1/agent/self", new StringBuilder(), 0);
    return self.body.get("Config", "Datacenter").text();
  }

  private static StringBuilder blocking(long index) {
    StringBuilder query = new StringBuilder();
    if (index > 0) {
      query.append("&index=").append(index).append("&wait=").append(WAIT.toSeconds()).append('s');
    }
    return query;
  }

  private Indexed get(String path, StringBuilder query, long index)
      throws FetchFailure, InterruptedException {
    String base = settings.server().toString();
    String parameters = (query + common).replaceFirst("^&", "?");
    URI url =
        URI.create(
            (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path + parameters);
    Map<String, String> headers =
        settings.token().isEmpty() ? Map.of() : Map.of("X-Consul-Token", settings.token());
    // The server adds up to a sixteenth of the wait.
    Deadline deadline = Deadline.in(index > 0 ? WAIT.plusSeconds(15) : Duration.ofSeconds(30));
    try (HttpAnswer answer = client.send(HttpCall.get(url, headers), deadline)) {
      if (answer.status() != 200) {
        throw new FetchFailure(
            settings.server() + path + " returned HTTP status " + answer.status());
      }
      return new Indexed(
          JsonValue.parse(answer.bytes(MAX_BYTES)), index(answer.header("X-Consul-Index"), index));
    } catch (JsonValue.Malformed e) {
      throw new FetchFailure(settings.server() + path + " sent no JSON", e);
    }
  }

  /** An index that goes back means that the server was restored: it counts from the beginning. */
  private static long index(@Nullable String header, long before) {
    try {
      long index = header == null ? 0 : Long.parseLong(header);
      return index < before ? 0 : Math.max(index, 1);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static void add(StringBuilder query, String name, String value) {
    if (!value.isEmpty()) {
      query.append('&').append(name).append('=').append(encode(value));
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
