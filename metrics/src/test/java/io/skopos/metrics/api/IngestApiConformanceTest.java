// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.metrics.receive.LineListeners;
import io.skopos.metrics.receive.ReceiverSettings;
import io.skopos.metrics.wire.WriteRequests;
import io.skopos.testkit.process.PrometheusApi;
import io.skopos.web.tls.TlsConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xerial.snappy.Snappy;

/** VictoriaMetrics' cases of what goes in by each protocol and what is asked for afterwards. */
class IngestApiConformanceTest {

  /** Cases where VictoriaMetrics does not answer as PromQL does. */
  private static final Map<String, String> EXCLUDED =
      Map.of(
          "graphite/max_lookback_set.json",
          "max_lookback is a parameter of VictoriaMetrics; lookback_delta is Prometheus'",
          "graphite/max_lookback_unset.json",
          "VictoriaMetrics guesses how long a sample counts; PromQL looks back 5m",
          "graphite/graphite-selector.json",
          "__graphite__ selectors are VictoriaMetrics' own",
          "graphite/name-plus-negative-filter.json",
          "in PromQL a series without the label fits a negative matcher",
          "prometheus/instant-scalar.json",
          "in PromQL a number is a scalar, not a vector",
          "prometheus/query-range.json",
          "Prometheus demands the parameter end");

  private static final Pattern TEMPLATE =
      Pattern.compile("\\{TIME_(MSZ|MS|NS|S)(?:-((?:[0-9]+[ms])+))?}");

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    String conformance = System.getProperty("skopos.conformance", "");
    if (conformance.isEmpty()) {
      System.out.println("skipped: -Dskopos.conformance is not given");
      return Stream.of();
    }
    Path folder = Path.of(conformance, "ingest-api");
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder)) {
      files = found.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
    assertThat(files).hasSizeGreaterThanOrEqualTo(18);
    return files.stream()
        .filter(file -> !EXCLUDED.containsKey(folder.relativize(file).toString()))
        .map(file ->
            DynamicTest.dynamicTest(
                folder.relativize(file).toString(),
                () -> run(folder.relativize(file).getName(0).toString(), read(file))));
  }

  private static Map<?, ?> read(Path file) throws IOException {
    return (Map<?, ?>) PrometheusApi.parse(filled(Files.readString(file)));
  }

  private static String filled(String text) {
    Matcher template = TEMPLATE.matcher(text);
    return template.replaceAll(match -> {
      long ms = ApiServer.NOW.toEpochMilli();
      if (match.group(2) != null) {
        ms -= Duration.parse("PT" + match.group(2).toUpperCase(java.util.Locale.ROOT)).toMillis();
      }
      return switch (match.group(1)) {
        case "MS" -> Long.toString(ms);
        case "MSZ" -> Long.toString(ms / 1000 * 1000);
        case "NS" -> ms + "000000";
        default -> Long.toString(ms / 1000);
      };
    });
  }

  private static void run(String protocol, Map<?, ?> test) throws Exception {
    try (ApiServer server = new ApiServer()) {
      if (test.get("data") instanceof List<?> data) {
        String parameters = test.get("insert_query") instanceof String query ? query : "";
        insert(server, protocol, data.stream().map(String::valueOf).toList(), parameters);
      }
      for (Object path : list(test.get("query"))) {
        check(server, String.valueOf(path), test);
      }
    }
  }

  private static void insert(
      ApiServer server, String protocol, List<String> data, String parameters) throws Exception {
    byte[] lines = (String.join("\n", data) + "\n").getBytes(StandardCharsets.UTF_8);
    switch (protocol) {
      case "influxdb" -> post(server, "/write" + parameters, lines, "");
      case "opentsdbhttp" -> post(server, "/api/put" + parameters, lines, "");
      case "csv" -> post(server, "/api/v1/import/csv" + parameters, lines, "");
      case "prometheus" -> {
        for (String request : data) {
          byte[] body = Snappy.compress(remoteWrite((List<?>) PrometheusApi.parse(request)));
          post(server, "/api/v1/write" + parameters, body, "snappy");
        }
      }
      case "graphite", "opentsdb" -> send(server, protocol, lines);
      default -> throw new IllegalStateException(protocol);
    }
  }

  private static byte[] remoteWrite(List<?> series) {
    WriteRequests request = new WriteRequests();
    for (Object one : series) {
      Map<?, ?> fields = (Map<?, ?>) one;
      List<String> labels = new ArrayList<>();
      for (Object label : list(fields.get("labels"))) {
        labels.add(String.valueOf(((Map<?, ?>) label).get("name")));
        labels.add(String.valueOf(((Map<?, ?>) label).get("value")));
      }
      request.series(labels.toArray(String[]::new));
      for (Object sample : list(fields.get("samples"))) {
        Map<?, ?> pair = (Map<?, ?>) sample;
        request.sample(
            (long) Double.parseDouble(String.valueOf(pair.get("timestamp"))),
            Double.parseDouble(String.valueOf(pair.get("value"))));
      }
    }
    return request.bytes();
  }

  private static void post(ApiServer server, String path, byte[] body, String encoding)
      throws Exception {
    HttpRequest.Builder request =
        server.request(escaped(path)).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (!encoding.isEmpty()) {
      request.header("Content-Encoding", encoding);
    }
    HttpResponse<String> response = server.send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
  }

  private static void send(ApiServer server, String protocol, byte[] lines) throws Exception {
    List<String> address = List.of("127.0.0.1:0");
    ReceiverSettings settings =
        new ReceiverSettings(
            protocol.equals("graphite") ? address : List.of(),
            List.of(),
            protocol.equals("opentsdb") ? address : List.of(),
            TlsConfig.OFF,
            "anonymous",
            2,
            1000,
            Duration.ofSeconds(10));
    try (LineListeners listeners =
        new LineListeners(
            settings,
            server.intake,
            server.receipts,
            () -> ApiServer.NOW,
            Thread.ofPlatform().daemon().factory(),
            new PrometheusRegistry())) {
      listeners.start();
      try (Socket socket = new Socket("127.0.0.1", listeners.tcpPorts().getFirst())) {
        OutputStream out = socket.getOutputStream();
        out.write(lines);
        socket.shutdownOutput();
        // The other side closes when it has taken everything.
        assertThat(socket.getInputStream().readAllBytes()).isEmpty();
      }
    }
  }

  private static String escaped(String path) {
    int query = path.indexOf('?');
    if (query < 0) {
      return path;
    }
    StringBuilder escaped = new StringBuilder(path.substring(0, query + 1));
    for (String parameter : path.substring(query + 1).split("&")) {
      int equals = parameter.indexOf('=');
      escaped
          .append(encoded(parameter.substring(0, equals)))
          .append('=')
          .append(encoded(parameter.substring(equals + 1)))
          .append('&');
    }
    return escaped.toString();
  }

  private static String encoded(String text) {
    String decoded = java.net.URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    return URLEncoder.encode(decoded, StandardCharsets.UTF_8);
  }

  private static void check(ApiServer server, String path, Map<?, ?> test) throws Exception {
    HttpResponse<String> response = server.send(server.request(escaped(path)));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    String body = response.body();
    if (test.get("result_metrics") instanceof List<?> expected) {
      List<Object> found = new ArrayList<>();
      for (String line : body.lines().toList()) {
        found.add(plain(PrometheusApi.parse(line)));
      }
      assertThat(found).containsExactlyInAnyOrderElementsOf(plainList(expected));
    } else if (test.get("result_series") instanceof Map<?, ?> expected) {
      Map<?, ?> found = (Map<?, ?>) PrometheusApi.parse(body);
      assertThat(plainList(list(found.get("data"))))
          .containsExactlyInAnyOrderElementsOf(plainList(list(expected.get("data"))));
    } else if (test.get("result_query") instanceof Map<?, ?> expected) {
      assertThat(plain(((Map<?, ?>) PrometheusApi.parse(body)).get("data")))
          .isEqualTo(plain(expected.get("data")));
    } else {
      assertThat(body.lines().count())
          .isEqualTo(
              Math.round((Double) Objects.requireNonNull(test.get("expected_result_lines_count"))));
    }
  }

  private static List<Object> plainList(List<?> values) {
    return values.stream().map(IngestApiConformanceTest::plain).toList();
  }

  /** Times stand in quotes in the cases and without in answers. */
  private static Object plain(@org.jspecify.annotations.Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> plain = new java.util.TreeMap<>();
        map.forEach((name, inner) -> plain.put(String.valueOf(name), plain(inner)));
        yield plain;
      }
      case List<?> list -> plainList(list);
      case Double number -> number;
      case String text when text.matches("[0-9]+(\\.[0-9]+)?") -> Double.valueOf(text);
      case null, default -> String.valueOf(value);
    };
  }

  private static List<?> list(@Nullable Object value) {
    return (List<?>) Objects.requireNonNull(value);
  }
}
