// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.testkit.process.PrometheusApi.Answer;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of queries nobody waits for, and of more queries than may run. */
class CancellationTest {

  static final QueryConfig ONE_AT_A_TIME =
      new QueryConfig(
          QueryConfig.DEFAULT.timeout(),
          QueryConfig.DEFAULT.lookback(),
          0,
          0,
          QueryConfig.DEFAULT.maxBytes(),
          QueryConfig.DEFAULT.maxFetchedBytes(),
          11_000,
          1,
          1,
          0,
          false,
          RemoteReadConfig.DEFAULT,
          LanguageConfig.DEFAULT);

  @Test
  void aQueryStopsWhenItsClientGoes() throws Exception {
    EndlessSeries source = new EndlessSeries();
    try (ApiServer server = new ApiServer(ONE_AT_A_TIME, TargetsView.NONE, source)) {
      Socket socket = new Socket("127.0.0.1", server.port());
      String request = "GET /api/v1/query?query=endless HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(source.reading.await(10, TimeUnit.SECONDS)).isTrue();
      socket.close();
      assertThat(source.ends.poll(10, TimeUnit.SECONDS))
          .hasMessage("the client closed the connection");
      // The only query thread is free again.
      assertThat(server.get("/api/v1/query", "query", "1").status()).isEqualTo(200);
    }
  }

  @Test
  void queriesBeyondTheQueueAreToldToComeBack() throws Exception {
    EndlessSeries source = new EndlessSeries();
    try (ApiServer server = new ApiServer(ONE_AT_A_TIME, TargetsView.NONE, source)) {
      CompletableFuture<HttpResponse<String>> running =
          server.sendAsync(server.request("/api/v1/query?query=endless"));
      assertThat(source.reading.await(10, TimeUnit.SECONDS)).isTrue();
      Answer queued = server.get("/api/v1/query", "query", "1", "timeout", "50ms");
      assertThat(queued.status()).isEqualTo(503);
      assertThat(queued.body()).contains("\"timeout\"", "query timed out in query queue");

      Refusal refusal = awaitRefusal(server);
      assertThat(refusal.answer().body())
          .contains("\"unavailable\"", "1 queries are running and 1 are waiting");

      source.finish = true;
      assertThat(refusal.waiting().get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      assertThat(running.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  /** The answer to a query that found the queue full, and the query that filled it. */
  private record Refusal(Answer answer, CompletableFuture<HttpResponse<String>> waiting) {}

  /**
   * The waiting query may reach the queue a moment after it was sent, and may find one of the asked
   * ones there: then it is sent again.
   */
  private static Refusal awaitRefusal(ApiServer server) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    CompletableFuture<HttpResponse<String>> waiting =
        server.sendAsync(server.request("/api/v1/query?query=1"));
    while (true) {
      Answer answer = server.get("/api/v1/query", "query", "1", "timeout", "20ms");
      if (!answer.body().contains("query queue") || System.nanoTime() > deadline) {
        return new Refusal(answer, waiting);
      }
      if (waiting.isDone()) {
        assertThat(waiting.get().statusCode()).isEqualTo(503);
        waiting = server.sendAsync(server.request("/api/v1/query?query=1"));
      }
    }
  }
}
