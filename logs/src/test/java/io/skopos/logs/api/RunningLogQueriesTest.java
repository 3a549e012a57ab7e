// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.logs.LogsConfig;
import io.skopos.logs.wire.Configs;
import io.skopos.model.config.ByteSize;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which questions run, how they are stopped, and what they may read. */
class RunningLogQueriesTest {

  private static final Pattern ID = Pattern.compile("\"id\":\"(\\d+)\"");
  private static final String SUM = "sum(count_over_time({app=\"a\"} |= `line` [1h]))";

  @TempDir Path directory;

  private final AtomicReference<EndlessLogs> endless = new AtomicReference<>();

  private EndlessLogs endless() {
    return requireNonNull(endless.get());
  }

  private LokiServer oneAtATime() throws Exception {
    LokiServer server =
        new LokiServer(
            directory,
            Configs.withoutDiscovery(),
            1,
            store -> {
              endless.set(new EndlessLogs(store));
              return endless();
            });
    push(server, 2000);
    return server;
  }

  private static void push(LokiServer server, int lines) throws Exception {
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      values
          .append(i == 0 ? "" : ",")
          .append("[\"" + (1_000_000_000L + i) + "\",\"line %d\"]".formatted(i));
    }
    assertThat(
            server
                .push("{\"streams\":[{\"stream\":{\"app\":\"a\"},\"values\":[" + values + "]}]}")
                .statusCode())
        .isEqualTo(204);
  }

  private static CompletableFuture<HttpResponse<String>> ask(LokiServer server, String logql) {
    return server.getLater(
        "/loki/api/v1/query_range", "query", logql, "start", "0", "end", "100", "step", "10");
  }

  @Test
  void aLongQueryIsListedAndCancelledByItsTenantOnly() throws Exception {
    try (LokiServer server = oneAtATime()) {
      CompletableFuture<HttpResponse<String>> running = ask(server, SUM);
      assertThat(endless().reading.await(30, TimeUnit.SECONDS)).isTrue();

      String listed = server.get("/api/v1/queries").body();
      assertThat(listed)
          .contains("\"signal\":\"logs\",\"state\":\"running\"", "\"kind\":\"range\"")
          .contains("sum(count_over_time", "\"end\":100,\"step\":10", "\"concurrency\":1")
          .containsPattern("\"bytesRead\":[1-9]");
      assertThat(server.get("/api/v1/queries", "signal", "metrics").body())
          .contains("\"queries\":[]");
      assertThat(server.get("/api/v1/queries", "signal", "traces").statusCode()).isEqualTo(400);
      Matcher id = ID.matcher(listed);
      assertThat(id.find()).isTrue();

      server.tenant = "other";
      assertThat(server.get("/api/v1/queries").body()).contains("\"queries\":[]");
      assertThat(server.delete("/api/v1/queries/" + id.group(1)).statusCode()).isEqualTo(404);
      assertThat(running).isNotDone();

      server.tenant = "anonymous";
      assertThat(server.delete("/api/v1/queries/" + id.group(1)).statusCode()).isEqualTo(200);
      HttpResponse<String> answer = running.get(30, TimeUnit.SECONDS);
      assertThat(answer.statusCode()).isEqualTo(499);
      assertThat(answer.body()).contains("the query was cancelled over the API");
      assertThat(server.get("/api/v1/queries").body()).contains("\"queries\":[]");
      assertThat(server.get("/api/v1/queries/recent", "outcome", "cancelled").body())
          .contains("\"id\":\"" + id.group(1) + "\",\"signal\":\"logs\"");
      // The only thread is free again.
      endless().finish = true;
      assertThat(ask(server, SUM).get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aQueryStopsWhenItsClientGoes() throws Exception {
    try (LokiServer server = oneAtATime()) {
      Socket socket = new Socket("127.0.0.1", server.port());
      String query = URLEncoder.encode(SUM, StandardCharsets.UTF_8);
      String request =
          "GET /loki/api/v1/query_range?start=0&end=100&step=10&query="
              + query
              + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(endless().reading.await(30, TimeUnit.SECONDS)).isTrue();
      socket.close();
      assertThat(endless().ends.poll(30, TimeUnit.SECONDS))
          .hasMessage("the client closed the connection");
      endless().finish = true;
      assertThat(ask(server, SUM).get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aQueryThatReadsTooManyBytesIsToldTheLimitAndWhatHelps() throws Exception {
    LogsConfig config = Configs.withMaxQueryBytes(new ByteSize(5000));
    try (LokiServer server = new LokiServer(directory, config)) {
      push(server, 2000);
      for (String logql :
          new String[] {SUM, "{app=\"a\"} |= `nowhere`", "bytes_over_time({app=\"a\"}[1h])"}) {
        HttpResponse<String> answer = ask(server, logql).get(30, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body())
            .contains("5000 bytes", "logs.max_query_bytes", "selectors or for a shorter range");
      }
      assertThat(server.get("/api/v1/queries/recent").body())
          .contains("\"outcome\":\"too_many_bytes\"");
      // The newest entries are read first, and no more than are wanted.
      HttpResponse<String> few =
          server.get(
              "/loki/api/v1/query_range",
              "query",
              "{app=\"a\"}",
              "start",
              "0",
              "end",
              "100",
              "limit",
              "10");
      assertThat(few.statusCode()).as(few.body()).isEqualTo(200);
    }
  }
}
