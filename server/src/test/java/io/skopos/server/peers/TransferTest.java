// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.skopos.server.cli.SkoposCommand;
import io.skopos.testkit.process.ChildProcess;
import io.skopos.testkit.process.FreePort;
import io.skopos.testkit.process.Peer;
import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.RemoteWriteRequest;
import io.skopos.testkit.process.SkoposProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Import and export between a real server, the peers' blocks and Debian's Prometheus. */
class TransferTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final double END_OF_2025 = 1_767_225_600;

  private static Path blocks() {
    String directory = System.getProperty("skopos.conformance", "");
    assumeTrue(!directory.isEmpty(), "-Dskopos.conformance is not set");
    return Path.of(directory, "tsdb-blocks");
  }

  @Test
  void thePeersBlocksAreAnsweredAsExpected(@TempDir Path work) throws Exception {
    Path data = blocks();
    try (SkoposProcess skopos = quiet(work).awaitReady()) {
      assertThat(
              run(
                  skopos,
                  "import",
                  "blocks",
                  data.resolve("prometheus").toString(),
                  "--verify",
                  "--state",
                  work.resolve("state").toString()))
          .isZero();
      assertThat(work.resolve("state")).doesNotExist();
      Map<String, List<String>> expected =
          matrix(Files.readString(data.resolve("prometheus/expected_response.json")));
      Map<String, List<String>> all = raw(skopos.api(), "vm_log_messages_total[400d]", END_OF_2025);
      expected.forEach((labels, points) -> assertThat(all).containsEntry(labels, points));

      assertThat(
              run(
                  skopos,
                  "import",
                  "blocks",
                  data.resolve("thanos-snapshot").toString(),
                  "--aggregates",
                  "all",
                  "--no-external-labels",
                  "--verify",
                  "--tenant",
                  "thanos",
                  "--state",
                  work.resolve("state").toString()))
          .isZero();
      assertThat(
              raw(
                  new PrometheusApi(skopos.url(), "thanos"),
                  "{__name__=~\"thanos.*\"}[400d]",
                  END_OF_2025))
          .isEqualTo(
              matrix(
                  Files.readString(
                      data.resolve("thanos-snapshot/expected_all_aggr_response.json"))));

      // External labels are set unless told otherwise, and a damaged block is an exit code.
      assertThat(
              run(
                  skopos,
                  "import",
                  "blocks",
                  data.resolve("thanos-snapshot").toString(),
                  "--tenant",
                  "labelled",
                  "--label",
                  "site=here",
                  "--match",
                  "thanos_test_gauge",
                  "--state",
                  work.resolve("state").toString()))
          .isZero();
      Map<String, List<String>> labelled =
          raw(
              new PrometheusApi(skopos.url(), "labelled"),
              "{site=\"here\",prometheus=\"test\",replica=\"0\"}[400d]",
              END_OF_2025);
      assertThat(labelled).hasSize(2);
      assertThat(
              run(
                  skopos,
                  "import",
                  "blocks",
                  data.resolve("prometheus-repair_index_version").toString(),
                  "--state",
                  work.resolve("state").toString()))
          .isEqualTo(1);
    }
  }

  /** Only downsampled samples are left of the second hour: they fill in. */
  @Test
  void downsampledBlocksFillWhatRawOnesLack(@TempDir Path work) throws Exception {
    Path bucket = work.resolve("bucket");
    for (String block : List.of("01KKS78PKKR6BQ0SQ5BARRTAKC", "01KKS78PXE91TK8YX406DERWV2")) {
      copy(blocks().resolve("thanos-snapshot").resolve(block), bucket.resolve(block));
    }
    try (SkoposProcess skopos = quiet(work).awaitReady()) {
      assertThat(
              run(
                  skopos,
                  "import",
                  "blocks",
                  bucket.toString(),
                  "--no-external-labels",
                  "--state",
                  work.resolve("state").toString()))
          .isZero();
      Map<String, List<String>> all =
          raw(
              skopos.api(),
              "{__name__=~\"thanos.*\",instance=\"localhost:9090\"}[400d]",
              END_OF_2025);
      assertThat(all).hasSize(2);
      // The mean of 50, 52.5, 55, 57.5, 60, and the counter at the window's end.
      assertThat(all.get("{__name__=thanos_test_gauge, instance=localhost:9090, job=test}"))
          .startsWith("1735689600 55.0", "1735689900 67.5")
          .hasSize(24);
      assertThat(all.get("{__name__=thanos_test_counter_total, instance=localhost:9090, job=test}"))
          .startsWith("1735689600 40.0", "1735689900 90.0")
          .hasSize(24);
    }
  }

  @Test
  void anImportGoesOnWhereItWasBrokenOff(@TempDir Path work) throws Exception {
    Path state = work.resolve("state");
    Path exported = work.resolve("exported");
    long start = 1_767_225_600_000L;
    double end = start / 1000.0 + 4 * 3600;
    try (SkoposProcess skopos = quiet(work).awaitReady();
        Gate gate = new Gate(skopos.url(), 1)) {
      seed(skopos, start, 100, 480);
      assertThat(
              run(
                  skopos,
                  "export",
                  "--format",
                  "blocks",
                  "--output",
                  exported.toString(),
                  "--end",
                  "2026-01-02T00:00:00Z",
                  "--state",
                  work.resolve("export-state").toString()))
          .isZero();
      String[] command = {
        "import",
        "blocks",
        exported.toString(),
        "--url",
        gate.url(),
        "--tenant",
        "copy",
        "--retry-for",
        "0",
        "--state",
        state.toString()
      };
      // One request of three gets through.
      assertThat(SkoposCommand.run(command)).isEqualTo(1);
      assertThat(Files.readString(state)).containsPattern("series=[1-9]");
      gate.allowed.set(2);
      assertThat(SkoposCommand.run(command)).isZero();
      assertThat(state).doesNotExist();
      PrometheusApi copy = new PrometheusApi(skopos.url(), "copy");
      assertThat(raw(copy, "seeded[5h]", end))
          .hasSize(100)
          .isEqualTo(raw(skopos.api(), "seeded[5h]", end));

      // The state of one import is not taken for another's.
      gate.allowed.set(1);
      assertThat(SkoposCommand.run(command)).isEqualTo(1);
      List<String> other = new ArrayList<>(List.of(command));
      other.addAll(List.of("--label", "a=b"));
      assertThat(SkoposCommand.run(other.toArray(String[]::new))).isEqualTo(1);
      assertThat(state).exists();
    }
  }

  @Test
  void prometheusServesExportedBlocksSampleForSample(@TempDir Path work) throws Exception {
    Path prometheus = Peer.require("prometheus");
    Path promtool = Peer.require("promtool");
    Path exported = work.resolve("exported");
    long start = 1_767_225_600_000L;
    try (SkoposProcess skopos = quiet(work).awaitReady()) {
      seed(skopos, start, 40, 600);
      assertThat(
              run(
                  skopos,
                  "export",
                  "--format",
                  "blocks",
                  "--output",
                  exported.toString(),
                  "--end",
                  "2026-01-02T00:00:00Z",
                  "--state",
                  work.resolve("state").toString()))
          .isZero();
      Files.createDirectories(exported.resolve("wal"));
      assertThat(output(work, promtool, "tsdb", "list", exported.toString()))
          .contains("2h0m0s")
          .contains(" 40 ");
      assertThat(output(work, promtool, "tsdb", "analyze", exported.toString()))
          .contains("Label names: 3");
      assertThat(output(work, promtool, "tsdb", "dump", exported.toString())).contains("seeded");

      int port = FreePort.find();
      Path config = work.resolve("prometheus.yml");
      Files.writeString(config, "global: {}\n");
      try (ChildProcess peer =
          prometheus(
              work, prometheus, config, exported, port, "--storage.tsdb.retention.time=100y")) {
        peer.await(() -> answers(port), PATIENCE);
        PrometheusApi theirs = new PrometheusApi("http://127.0.0.1:" + port, null);
        double end = start / 1000.0 + 4 * 3600;
        Map<String, List<String>> ours = raw(skopos.api(), "{__name__!=\"\"}[5h]", end);
        assertThat(ours).hasSize(40);
        assertThat(raw(theirs, "{__name__!=\"\"}[5h]", end)).isEqualTo(ours);
        // Postings: by one label, by several, by pattern.
        for (String query :
            List.of(
                "sum(seeded{instance=\"i3\"})",
                "count(seeded{instance=~\"i1.*\",parity=\"even\"})",
                "count by (parity) (seeded{instance!~\"i2.*\"})")) {
          double time = start / 1000.0 + 3600;
          assertThat(theirs.query(query, time).toString())
              .as(query)
              .isEqualTo(skopos.api().query(query, time).toString());
        }
      }
    }
  }

  @Test
  void aPrometheusReceivesWhatIsExported(@TempDir Path work) throws Exception {
    Path prometheus = Peer.require("prometheus");
    int port = FreePort.find();
    Path config = work.resolve("prometheus.yml");
    Files.writeString(config, "global: {}\n");
    try (SkoposProcess skopos = quiet(work).awaitReady();
        ChildProcess peer =
            prometheus(
                work,
                prometheus,
                config,
                work.resolve("prometheus-data"),
                port,
                "--web.enable-remote-write-receiver")) {
      peer.await(() -> answers(port), PATIENCE);
      long start = System.currentTimeMillis() / 1000 * 1000 - 3 * 3_600_000;
      seed(skopos, start, 20, 600);
      assertThat(
              run(
                  skopos,
                  "export",
                  "--format",
                  "remote-write",
                  "--to",
                  "http://127.0.0.1:" + port + "/api/v1/write",
                  "--max-rate",
                  "1000000",
                  "--state",
                  work.resolve("state").toString()))
          .isZero();
      double end = System.currentTimeMillis() / 1000.0;
      Map<String, List<String>> ours = raw(skopos.api(), "seeded[4h]", end);
      assertThat(ours).hasSize(20);
      assertThat(raw(new PrometheusApi("http://127.0.0.1:" + port, null), "seeded[4h]", end))
          .isEqualTo(ours);
    }
  }

  @Test
  void textGoesOutAndComesBack(@TempDir Path work) throws Exception {
    try (SkoposProcess skopos = quiet(work).awaitReady()) {
      seed(skopos, 1_767_225_600_000L, 5, 100);
      Path text = work.resolve("out.txt");
      assertThat(
              run(
                  skopos,
                  "export",
                  "--format",
                  "openmetrics",
                  "--match",
                  "seeded{parity=\"odd\"}",
                  "--start",
                  "2026-01-01T00:00:00Z",
                  "--end",
                  "2026-01-01T06:00:00Z",
                  "--output",
                  text.toString(),
                  "--state",
                  work.resolve("state").toString()))
          .isZero();
      assertThat(Files.readAllLines(text)).hasSize(201).last().isEqualTo("# EOF");
      assertThat(run(skopos, "import", "openmetrics", text.toString(), "--tenant", "copy"))
          .isZero();
      double end = 1_767_225_600 + 21_600;
      Map<String, List<String>> ours = raw(skopos.api(), "seeded{parity=\"odd\"}[6h]", end);
      assertThat(ours).hasSize(2);
      assertThat(raw(new PrometheusApi(skopos.url(), "copy"), "seeded[6h]", end)).isEqualTo(ours);

      Path bad = work.resolve("bad.txt");
      Files.writeString(bad, "ok 1 1767225600000\nbroken{ 2 1767225600000\nno_time 3\n");
      assertThat(run(skopos, "import", "prometheus-text", bad.toString())).isEqualTo(1);
      assertThat(raw(skopos.api(), "ok[1h]", 1_767_225_600)).hasSize(1);
    }
  }

  // ---- pieces

  private static SkoposProcess quiet(Path work) throws IOException {
    return SkoposProcess.start(
        work, "--set", "host_metrics.enabled=false", "--set", "self_monitoring.enabled=false");
  }

  private static int run(SkoposProcess skopos, String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--url", skopos.url()));
    return SkoposCommand.run(arguments.toArray(String[]::new));
  }

  /** Values of every kind, 15 s apart with some jitter. */
  private static void seed(SkoposProcess skopos, long startMs, int series, int samples)
      throws Exception {
    Random random = new Random(5);
    RemoteWriteRequest request = new RemoteWriteRequest();
    for (int i = 0; i < series; i++) {
      long[] times = new long[samples];
      double[] values = new double[samples];
      double value = random.nextInt(100);
      for (int j = 0; j < samples; j++) {
        times[j] = startMs + j * 15_000L + (random.nextInt(5) == 0 ? random.nextInt(100) : 0);
        value += random.nextInt(3) == 0 ? random.nextDouble() : random.nextInt(4);
        values[j] =
            switch (random.nextInt(60)) {
              case 0 -> Double.NaN;
              case 1 -> Double.POSITIVE_INFINITY;
              case 2 -> -0.0;
              case 3 -> 1e-300;
              default -> value;
            };
      }
      request.series(
          Map.of("__name__", "seeded", "instance", "i" + i, "parity", i % 2 == 0 ? "even" : "odd"),
          times,
          values);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(skopos.url() + "/api/v1/write"))
                  .header("Content-Encoding", "snappy")
                  .header("Content-Type", "application/x-protobuf")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(request.toSnappy()))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }
  }

  private static Map<String, List<String>> raw(PrometheusApi api, String selector, double time)
      throws Exception {
    return matrix(
        api.get("/api/v1/query", "query", selector, "time", Double.toString(time)).body());
  }

  /** Series of a matrix: points as {@code seconds value} with values read as numbers. */
  private static Map<String, List<String>> matrix(String body) throws IOException {
    Map<String, List<String>> series = new TreeMap<>();
    try (JsonParser json = new JsonFactory().createParser(body)) {
      Map<String, String> labels = new TreeMap<>();
      while (json.nextToken() != null) {
        if (json.currentToken() != JsonToken.FIELD_NAME) {
          continue;
        }
        if (json.currentName().equals("metric")) {
          labels = new TreeMap<>();
          json.nextToken();
          while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            labels.put(name, json.nextTextValue());
          }
        } else if (json.currentName().equals("values")) {
          List<String> points = new ArrayList<>();
          json.nextToken();
          while (json.nextToken() == JsonToken.START_ARRAY) {
            json.nextToken();
            String time = json.getDecimalValue().stripTrailingZeros().toPlainString();
            String value = json.nextTextValue().replace("Inf", "Infinity").replace("+", "");
            points.add(time + " " + Double.parseDouble(value));
            json.nextToken();
          }
          series.put(labels.toString(), points);
        }
      }
    }
    return series;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.resolve("chunks"));
    for (String file : List.of("meta.json", "index", "tombstones", "chunks/000001")) {
      Files.copy(from.resolve(file), to.resolve(file));
    }
  }

  private static ChildProcess prometheus(
      Path work, Path program, Path config, Path data, int port, String... further)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + data,
                "--web.listen-address=127.0.0.1:" + port));
    command.addAll(List.of(further));
    return ChildProcess.start(work, work.resolve("prometheus.log"), command);
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
      return new PrometheusApi("http://127.0.0.1:" + port, null).get("/-/ready").status() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String output(Path work, Path program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Path file = Files.createTempFile(work, "output", ".txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file.toFile()).start();
    int status = process.waitFor();
    String text = Files.readString(file);
    assertThat(status).as(String.join(" ", command) + "\n" + text).isZero();
    return text;
  }

  /** Lets some requests through to a server and refuses the others as one that is overloaded. */
  private static final class Gate implements AutoCloseable {

    final AtomicInteger allowed;
    private final String target;
    private final HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    Gate(String target, int allowed) throws IOException {
      this.target = target;
      this.allowed = new AtomicInteger(allowed);
      server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
      server.createContext("/", this::pass);
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void pass(HttpExchange exchange) throws IOException {
      try (exchange) {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (allowed.getAndDecrement() <= 0) {
          exchange.sendResponseHeaders(503, -1);
          return;
        }
        HttpRequest.Builder request =
            HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        for (String name : List.of("Content-Type", "Content-Encoding", "X-Scope-OrgID")) {
          String value = exchange.getRequestHeaders().getFirst(name);
          if (value != null) {
            request.header(name, value);
          }
        }
        HttpResponse<byte[]> answer =
            http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        exchange.sendResponseHeaders(answer.statusCode(), -1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      server.stop(0);
      http.close();
    }
  }
}
