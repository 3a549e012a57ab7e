// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.docker;

import io.skopos.ingest.discovery.DiscoveryFailure;
import io.skopos.ingest.http.Deadline;
import io.skopos.ingest.http.FetchFailure;
import io.skopos.ingest.http.HttpClient;
import io.skopos.ingest.http.HttpSettings;
import io.skopos.ingest.http.HttpThreads;
import io.skopos.ingest.json.JsonValue;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Docker daemon, over its Unix socket or the network. */
final class DockerHost implements AutoCloseable {

  private static final int MAX_BYTES = 64 << 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final HttpClient client;
  private final String base;
  private final String shown;

  DockerHost(URI host, HttpSettings http, HttpThreads threads, String userAgent)
      throws FetchFailure {
    shown = host.toString();
    if (host.getScheme().equals("unix")) {
      client = HttpClient.toUnixSocket(http, threads, userAgent, Path.of(host.getPath()));
      base = "http://docker";
    } else {
      boolean secure = !http.tls().equals(HttpSettings.DEFAULT.tls());
      String scheme =
          host.getScheme().equals("tcp") ? (secure ? "https" : "http") : host.getScheme();
      client = new HttpClient(http, threads, userAgent);
      base = scheme + "://" + host.getRawAuthority();
    }
  }

  static URI parse(YamlMapping yaml) throws ConfigException {
    String text = yaml.requiredText("host");
    try {
      URI host = URI.create(text);
      String scheme = String.valueOf(host.getScheme());
      if (scheme.equals("unix") && host.getPath() != null && !host.getPath().isEmpty()) {
        return host;
      }
      if (List.of("tcp", "http", "https").contains(scheme) && host.getHost() != null) {
        return host;
      }
    } catch (IllegalArgumentException e) {
      throw yaml.error("host '" + text + "' is not a URL");
    }
    throw yaml.error(
        "host '"
            + text
            + "' is not a Docker daemon; write for example unix:///var/run/docker.sock");
  }

  static Map<String, List<String>> filters(YamlMapping yaml) throws ConfigException {
    Map<String, List<String>> filters = new LinkedHashMap<>();
    for (YamlValue value : yaml.list("filters")) {
      YamlMapping filter = value.mapping();
      filters.put(filter.requiredText("name"), filter.texts("values"));
      filter.done();
    }
    return filters;
  }

  JsonValue get(String path, Map<String, List<String>> filters)
      throws DiscoveryFailure, InterruptedException {
    String query =
        filters.isEmpty()
            ? ""
            : "?filters=" + URLEncoder.encode(json(filters), StandardCharsets.UTF_8);
    try {
      byte[] body =
          client.get(
              URI.create(base + path + query),
              Map.of("Accept", "application/json"),
              Deadline.in(TIMEOUT),
              MAX_BYTES);
      return JsonValue.parse(body);
    } catch (FetchFailure | JsonValue.Malformed e) {
      throw new DiscoveryFailure(shown + path + ": " + e.getMessage(), e);
    }
  }

  private static String json(Map<String, List<String>> filters) {
    StringBuilder json = new StringBuilder("{");
    filters.forEach((name, values) -> {
      json.append(json.length() == 1 ? "" : ",").append(quoted(name)).append(":[");
      for (int i = 0; i < values.size(); i++) {
        json.append(i == 0 ? "" : ",").append(quoted(values.get(i)));
      }
      json.append(']');
    });
    return json.append('}').toString();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  @Override
  public void close() {
    client.close();
  }
}
