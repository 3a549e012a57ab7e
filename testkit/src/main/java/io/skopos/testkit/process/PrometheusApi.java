// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A client of any server with Prometheus' HTTP API. */
public final class PrometheusApi {

  private static final JsonFactory JSON = new JsonFactory();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final @Nullable String tenant;

  public PrometheusApi(String url, @Nullable String tenant) {
    this.url = url;
    this.tenant = tenant;
  }

  /** An HTTP answer. */
  public record Answer(int status, String body) {}

  /**
   * Points of a series as {@code query} gives them for a matrix or vector: seconds and value text.
   */
  public record Series(Map<String, String> labels, List<Map.Entry<Double, String>> points) {}

  public Answer get(String path, String... namesAndValues)
      throws IOException, InterruptedException {
    StringJoiner query =
        new StringJoiner("&", path.contains("?") ? "&" : "?", "").setEmptyValue("");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      query.add(
          URLEncoder.encode(namesAndValues[i], StandardCharsets.UTF_8)
              + "="
              + URLEncoder.encode(namesAndValues[i + 1], StandardCharsets.UTF_8));
    }
    return send(request(path + query).GET());
  }

  public Answer post(String path, String contentType, byte[] body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request);
  }

  /** Remote write 1.0. */
  public Answer write(RemoteWriteRequest request) throws IOException, InterruptedException {
    return post(
        "/api/v1/write",
        "application/x-protobuf",
        request.toSnappy(),
        "Content-Encoding",
        "snappy",
        "X-Prometheus-Remote-Write-Version",
        "0.1.0");
  }

  /** An instant query's series; fails on anything but success. */
  public List<Series> query(String promql, double timeSeconds)
      throws IOException, InterruptedException {
    Answer answer = get("/api/v1/query", "query", promql, "time", String.valueOf(timeSeconds));
    if (answer.status() != 200) {
      throw new AssertionError(promql + ": HTTP " + answer.status() + " " + answer.body());
    }
    Map<?, ?> data = (Map<?, ?>) ((Map<?, ?>) parse(answer.body())).get("data");
    List<Series> series = new ArrayList<>();
    if (data == null || !(data.get("result") instanceof List<?> result)) {
      throw new AssertionError("no result in " + answer.body());
    }
    for (Object element : result) {
      Map<?, ?> row = (Map<?, ?>) element;
      Map<String, String> labels = new LinkedHashMap<>();
      if (row.get("metric") instanceof Map<?, ?> metric) {
        metric.forEach((name, value) -> labels.put((String) name, (String) value));
      }
      List<Map.Entry<Double, String>> points = new ArrayList<>();
      if (row.get("values") instanceof List<?> values) {
        values.forEach(point -> points.add(point(point)));
      } else if (row.get("value") != null) {
        points.add(point(row.get("value")));
      }
      series.add(new Series(labels, points));
    }
    return series;
  }

  /** JSON as maps, lists, strings, doubles, booleans; null as an empty string. */
  public static Object parse(String json) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      return value(parser);
    }
  }

  private HttpRequest.Builder request(String pathAndQuery) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + pathAndQuery)).timeout(Duration.ofSeconds(60));
    if (tenant != null) {
      request.header("X-Scope-OrgID", tenant);
    }
    return request;
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    return new Answer(response.statusCode(), response.body());
  }

  private static Map.Entry<Double, String> point(@Nullable Object point) {
    if (!(point instanceof List<?> pair) || !(pair.getFirst() instanceof Double seconds)) {
      throw new AssertionError("not a point: " + point);
    }
    return Map.entry(seconds, String.valueOf(pair.get(1)));
  }

  private static Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new IOException("empty JSON");
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> "";
      default -> parser.getText();
    };
  }
}
