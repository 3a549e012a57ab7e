// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.github.loki4j.logback.Loki4jAppender;
import com.github.loki4j.logback.PipelineConfigAppenderBase.HttpCfg;
import io.skopos.logs.LogsConfig;
import io.skopos.logs.wire.PushMessage;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.Snappy;

/** What goes in over real sockets, and what questions then get. */
class LokiApiTest {

  private static final long T = 1_700_000_000_000_000_000L;
  private static final String PROTOBUF = "application/x-protobuf";

  private static LokiServer server;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    server = new LokiServer(directory, LogsConfig.DEFAULT);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void forItself(TestInfo test) {
    server.tenant = test.getTestMethod().orElseThrow().getName();
  }

  private static byte[] message(String line) {
    return new PushMessage()
        .stream(new PushMessage.Stream().labels("{app=\"a\"}").entry(T, line)).bytes();
  }

  @Test
  void allEncodingsOfAPushAreTaken() throws Exception {
    assertThat(
            server.post("/loki/api/v1/push", PROTOBUF, Snappy.compress(message("1"))).statusCode())
        .isEqualTo(204);
    assertThat(
            server
                .post(
                    "/api/prom/push",
                    PROTOBUF,
                    Snappy.compress(message("2")),
                    "Content-Encoding",
                    "snappy")
                .statusCode())
        .isEqualTo(204);
    byte[] json =
        "{\"streams\":[{\"stream\":{\"app\":\"a\"},\"values\":[[\"1700000000000000001\",\"3\"]]}]}"
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(json);
    }
    ByteArrayOutputStream deflate = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(deflate)) {
      out.write(
          new String(json, StandardCharsets.UTF_8)
              .replace("\"3\"", "\"4\"")
              .getBytes(StandardCharsets.UTF_8));
    }
    assertThat(
            server
                .post(
                    "/loki/api/v1/push",
                    "application/json; charset=utf-8",
                    gzip.toByteArray(),
                    "Content-Encoding",
                    "gzip")
                .statusCode())
        .isEqualTo(204);
    assertThat(
            server
                .post(
                    "/loki/api/v1/push",
                    "application/json",
                    deflate.toByteArray(),
                    "Content-Encoding",
                    "deflate")
                .statusCode())
        .isEqualTo(204);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(both)) {
      out.write(Snappy.compress(message("5")));
    }
    assertThat(
            server
                .post("/loki/api/v1/push", PROTOBUF, both.toByteArray(), "Content-Encoding", "gzip")
                .statusCode())
        .isEqualTo(204);
    assertThat(server.lines("{app=\"a\"}")).containsExactlyInAnyOrder("1", "2", "3", "4", "5");
  }

  @Test
  void theOlderFormOfJsonIsTaken() throws Exception {
    HttpResponse<String> answer =
        server.post(
            "/api/prom/push",
            "application/json",
            ("{\"streams\":[{\"labels\":\"{app=\\\"old\\\"}\",\"entries\":[{\"ts\":"
                    + "\"2023-11-14T22:13:20.5Z\",\"line\":\"x\"}]}]}")
                .getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    assertThat(server.lines("{app=\"old\"}")).containsExactly("x");
  }

  @Test
  void theConformanceCasesOfPushHold() throws Exception {
    String root = System.getProperty("skopos.conformance", "");
    Assumptions.assumeTrue(!root.isEmpty(), "skipped: -Dskopos.conformance is not given");
    for (String file : new String[] {"basic", "structured-metadata", "multi-stream-out-of-order"}) {
      String json = Files.readString(Path.of(root, "logql", "push", file + ".json"));
      HttpResponse<String> answer = server.push(json);
      assertThat(answer.statusCode()).as(file).isEqualTo(204);
      assertThat(answer.body()).isEmpty();
    }
    assertThat(server.push("").statusCode()).isEqualTo(400);
    HttpResponse<String> none = server.push("{\"streams\":[]}");
    assertThat(none.statusCode()).isEqualTo(422);
    assertThat(none.body()).contains("at least one valid stream is required");
    assertThat(
            server
                .push("{\"streams\":[{\"stream\":{\"a\":\"b\"},\"values\":[[1,\"x\"]]}]}")
                .statusCode())
        .isEqualTo(400);
    assertThat(
            server
                .push(
                    "{\"streams\":[{\"stream\":{\"a\":\"b\"},\"values\":[[\"1\",\"x\",{\"k\":{}}]]}]}")
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void oddLinesAreKeptAsTheyAre() throws Exception {
    byte[] invalid = {'a', (byte) 0xff, 'b'};
    byte[] body =
        new PushMessage()
            .stream(
                    new PushMessage.Stream()
                        .labels("{app=\"odd\"}")
                        .entry(T, "nul\u0000nul")
                        .entry(T + 1, invalid)
                        .entry(T + 2, "twice")
                        .entry(T + 2, "twice")
                        .entry(4_102_444_800_000_000_000L - 2_000_000_000L, "in the year 2099")
                        .entry(T + 3, "x".repeat(10 << 20)))
                .bytes();
    HttpResponse<String> answer = server.post("/loki/api/v1/push", PROTOBUF, Snappy.compress(body));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    assertThat(server.lines("{app=\"odd\"} != \"xxx\""))
        .containsExactly("nul\u0000nul", "a\uFFFDb", "twice");
    assertThat(server.lines("{app=\"odd\"} |= \"xxx\""))
        .singleElement()
        .asString()
        .hasSize(10 << 20);
  }

  @Test
  void goodStreamsAreKeptBesideBadOnes() throws Exception {
    HttpResponse<String> answer =
        server.push(
            "{\"streams\":[{\"stream\":{\"a.b\":\"x\"},\"values\":[[\"1\",\"bad\"]]},"
                + "{\"stream\":{\"app\":\"good\"},\"values\":[[\"1700000000000000000\",\"good\"]]}]}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).startsWith("Error parsing labels '{a.b=\"x\"}' with error:");
    assertThat(server.lines("{app=\"good\"}")).containsExactly("good");
  }

  @Test
  void logbackSendsThroughLoki4j() throws Exception {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    Loki4jAppender appender = new Loki4jAppender();
    appender.setContext(context);
    appender.setLabels("app=shop\nhost=one");
    HttpCfg http = new HttpCfg();
    http.setUrl(server.url() + "/loki/api/v1/push");
    http.setTenantId(server.tenant);
    appender.setHttp(http);
    appender.start();
    Logger logger = context.getLogger("shop.Cart");
    logger.addAppender(appender);
    logger.warn("an order of {} pieces", 3);
    logger.error("it failed", new IllegalStateException("reason"));
    appender.stop();
    assertThat(server.lines("{app=\"shop\", host=\"one\"}"))
        .hasSize(2)
        .anyMatch(line -> line.contains("an order of 3 pieces"))
        .anyMatch(line -> line.contains("IllegalStateException: reason"));
  }

  @Test
  void labelsSeriesVolumesAndFieldsAreTold() throws Exception {
    server.push(
        "{\"streams\":[{\"stream\":{\"app\":\"a\",\"env\":\"p\"},\"values\":[[\""
            + T
            + "\",\"level=info d=12ms n=5\",{\"trace_id\":\"x\"}],[\""
            + (T + 1)
            + "\",\"{\\\"a\\\":{\\\"b\\\":1.5}}\"]]}]}");
    String[] range = {"start", "1699999000", "end", "1700001000"};
    assertThat(server.get("/loki/api/v1/labels", range).body())
        .isEqualTo("{\"status\":\"success\",\"data\":[\"app\",\"env\",\"service_name\"]}");
    assertThat(server.get("/loki/api/v1/label/app/values", range).body())
        .isEqualTo("{\"status\":\"success\",\"data\":[\"a\"]}");
    assertThat(
            server
                .get(
                    "/loki/api/v1/series",
                    "match[]",
                    "{app=\"a\"}",
                    range[0],
                    range[1],
                    range[2],
                    range[3])
                .body())
        .contains("{\"app\":\"a\",\"env\":\"p\",\"service_name\":\"a\"}");
    assertThat(
            server
                .get(
                    "/loki/api/v1/index/stats",
                    "query",
                    "{app=\"a\"}",
                    range[0],
                    range[1],
                    range[2],
                    range[3])
                .body())
        .contains("\"streams\":1")
        .contains("\"entries\":2");
    assertThat(
            server
                .get(
                    "/loki/api/v1/index/volume",
                    "query",
                    "{app=\"a\"}",
                    "targetLabels",
                    "env",
                    range[0],
                    range[1],
                    range[2],
                    range[3])
                .body())
        .contains("{\"metric\":{\"env\":\"p\"},\"value\":[1700001000,\"36\"]}");
    assertThat(
            server
                .get(
                    "/loki/api/v1/detected_fields",
                    "query",
                    "{app=\"a\"}",
                    range[0],
                    range[1],
                    range[2],
                    range[3])
                .body())
        .contains(
            "{\"label\":\"d\",\"type\":\"duration\",\"cardinality\":1,\"parsers\":[\"logfmt\"]}")
        .contains("{\"label\":\"trace_id\",\"type\":\"string\",\"cardinality\":1,\"parsers\":null}")
        .contains(
            "{\"label\":\"a_b\",\"type\":\"float\",\"cardinality\":1,\"parsers\":[\"json\"],\"jsonPath\":[\"a\",\"b\"]}");
    assertThat(server.get("/loki/api/v1/detected_labels", range).body())
        .contains("\"label\":\"env\"");
  }

  @Test
  void bulkRequestsAreAnsweredItemByItem() throws Exception {
    String body =
        """
        {"create":{"_index":"shop","_id":"1"}}
        {"@timestamp":"2023-11-14T22:13:20Z","message":"it failed","host":{"name":"a"},"tags":["x"]}
        {"index":{}}
        {"@timestamp":"never","message":"x"}
        {"delete":{"_index":"shop","_id":"1"}}
        {"update":{"_index":"shop","_id":"1"}}
        {"doc":{}}
        """;
    HttpResponse<String> answer =
        server.post(
            "/elasticsearch/_bulk?_stream_fields=host.name",
            "application/x-ndjson",
            body.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"errors\":true")
        .contains(
            "{\"create\":{\"_index\":\"shop\",\"_id\":\"1\",\"_version\":1,\"result\":\"created\","
                + "\"status\":201}}")
        .contains("\"reason\":\"'never' is no time\"")
        .contains("entries are not deleted one by one")
        .contains("entries are not updated");
    assertThat(server.lines("{index=\"shop\", host_name=\"a\"} | tags=\"[\\\"x\\\"]\""))
        .containsExactly("it failed");
    HttpResponse<String> nonsense =
        server.post("/shop/_bulk", "application/x-ndjson", "{}\n".getBytes(StandardCharsets.UTF_8));
    assertThat(nonsense.statusCode()).isEqualTo(400);
    assertThat(nonsense.body()).contains("\"type\":\"illegal_argument_exception\"");
    assertThat(server.get("/elasticsearch/").body()).contains("\"number\":\"8.");
  }

  @Test
  void linesOfJsonAreTakenAndBadOnesReported() throws Exception {
    HttpResponse<String> answer =
        server.post(
            "/api/v1/logs/import",
            "application/x-ndjson",
            """
            {"timestamp":"1700000000000000000","labels":{"app":"l"},"metadata":{"k":"v"},"line":"one"}
            no JSON
            {"ts":1700000001.5,"labels":{"app":"l"},"msg":"two"}
            """
                .getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).startsWith("kept 2 entries, refused 1 lines; first reasons: line 2:");
    assertThat(server.lines("{app=\"l\"}")).containsExactly("one", "two");
    assertThat(server.lines("{app=\"l\"} | k=\"v\"")).containsExactly("one");
  }

  @Test
  void badQuestionsAreSaidInText() throws Exception {
    HttpResponse<String> parse = server.get("/loki/api/v1/query_range", "query", "{app=");
    assertThat(parse.statusCode()).isEqualTo(400);
    assertThat(parse.body()).startsWith("parse error");
    assertThat(server.get("/loki/api/v1/query", "query", "{app=\"a\"}").body())
        .startsWith("log queries are not supported as an instant query type");
    assertThat(
            server.get("/loki/api/v1/query_range", "query", "{app=\"a\"}", "limit", "5001").body())
        .startsWith("max entries limit per query exceeded");
    assertThat(
            server
                .get("/loki/api/v1/query_range", "query", "{app=\"a\"}", "start", "10", "end", "5")
                .body())
        .startsWith("end timestamp must not be before or equal to start time");
    assertThat(server.get("/loki/api/v1/rules").statusCode()).isEqualTo(404);
  }

  @Test
  void deletedEntriesAreGone() throws Exception {
    server.push(
        "{\"streams\":[{\"stream\":{\"app\":\"a\"},\"values\":[[\""
            + T
            + "\",\"gone\"]]},"
            + "{\"stream\":{\"app\":\"b\"},\"values\":[[\""
            + T
            + "\",\"stays\"]]}]}");
    HttpResponse<String> answer =
        server.post(
            "/loki/api/v1/delete" + LokiServer.query("query", "{app=\"a\"}", "start", "1"),
            "text/plain",
            new byte[0]);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    assertThat(server.lines("{app=~\".+\"}")).containsExactly("stays");
    assertThat(server.get("/loki/api/v1/delete").body()).contains("\"status\":\"processed\"");
  }

  @Test
  void aTailBringsWhatWasThereAndWhatComes() throws Exception {
    long now = System.currentTimeMillis() * 1_000_000;
    server.push(
        "{\"streams\":[{\"stream\":{\"app\":\"t\"},\"values\":[[\""
            + now
            + "\",\"hit before\"]]}]}");
    LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
    try (HttpClient client = HttpClient.newHttpClient()) {
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .header("X-Scope-OrgID", server.tenant)
              .buildAsync(
                  URI.create(
                      server.url().replace("http:", "ws:")
                          + "/loki/api/v1/tail"
                          + LokiServer.query("query", "{app=\"t\"} |= \"hit\"")),
                  new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onText(
                        WebSocket from, CharSequence text, boolean last) {
                      messages.add(text.toString());
                      from.request(1);
                      return null;
                    }
                  })
              .get();
      assertThat(messages.poll(20, TimeUnit.SECONDS)).contains("hit before");
      server.push(
          "{\"streams\":[{\"stream\":{\"app\":\"t\"},\"values\":[[\""
              + (now + 1)
              + "\",\"a miss\"],[\""
              + (now + 2)
              + "\",\"hit now\"]]}]}");
      assertThat(messages.poll(20, TimeUnit.SECONDS))
          .contains("{\"streams\":[{\"stream\":{\"app\":\"t\"")
          .contains("[\"" + (now + 2) + "\",\"hit now\"]")
          .doesNotContain("a miss")
          .doesNotContain("before");
      socket.abort();
    }
  }
}
