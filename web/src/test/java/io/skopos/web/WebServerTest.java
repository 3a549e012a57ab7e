// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.skopos.web.access.Right;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WebServerTest {

  @Test
  void answersWithPathParametersAndMergedForm() throws Exception {
    try (RunningServer running =
        new RunningServer(routes ->
            routes
                .family(ErrorShape.PLAIN_TEXT, Right.READ)
                .getOrPost(
                    "/label/{name}/values",
                    request ->
                        Response.text(
                            200,
                            request.pathParameter("name")
                                + " "
                                + request.parameters().all("m[]")
                                + " "
                                + request.tenant())))) {
      assertThat(running.get("/label/a%20b/values?m[]=1&m%5B%5D=%C3%BC+x").body())
          .isEqualTo("a b [1, ü x] anonymous");
      HttpResponse<String> posted =
          running.post(
              "/label/j/values?m[]=query",
              "m[]=form&x".getBytes(StandardCharsets.UTF_8),
              "Content-Type",
              "application/x-www-form-urlencoded; charset=utf-8",
              "X-Scope-OrgID",
              "team-a");
      assertThat(posted.body()).isEqualTo("j [form, query] team-a");
    }
  }

  @Test
  void speaksHttp2WithoutTls() throws Exception {
    try (RunningServer running =
            new RunningServer(routes ->
                routes
                    .family(ErrorShape.PLAIN_TEXT, Right.READ)
                    .get("/x", _ -> Response.text(200, "x")));
        HttpClient http2 = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      HttpResponse<String> response =
          http2.send(running.request("/x").build(), HttpResponse.BodyHandlers.ofString());
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(response.body()).isEqualTo("x");
    }
  }

  @Test
  void unknownPathsAndMethodsAreRefusedInText() throws Exception {
    try (RunningServer running =
        new RunningServer(routes ->
            routes
                .family(ErrorShape.PLAIN_TEXT, Right.READ)
                .getOrPost("/known", _ -> Response.empty(204)))) {
      for (String path : new String[] {"/", "/nothing", "/known/", "/api/v1/none?x=1"}) {
        HttpResponse<String> response = running.get(path);
        assertThat(response.statusCode()).as(path).isEqualTo(404);
        assertThat(response.body()).isEqualTo("404 page not found\n");
        assertThat(response.headers().firstValue("content-type"))
            .hasValue("text/plain; charset=utf-8");
      }
      HttpResponse<String> deleted =
          running.client.send(
              running.request("/known").DELETE().build(), HttpResponse.BodyHandlers.ofString());
      assertThat(deleted.statusCode()).isEqualTo(405);
      assertThat(deleted.headers().firstValue("Allow")).hasValue("GET, POST");
      HttpResponse<String> patched =
          running.client.send(
              running
                  .request("/known")
                  .method("PATCH", java.net.http.HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(patched.statusCode()).isEqualTo(405);
      HttpResponse<String> options =
          running.client.send(
              running
                  .request("/known")
                  .method("OPTIONS", java.net.http.HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(options.statusCode()).isEqualTo(204);
      assertThat(options.headers().firstValue("Allow")).hasValue("GET, POST");
      HttpResponse<String> head =
          running.client.send(
              running.request("/nothing").HEAD().build(), HttpResponse.BodyHandlers.ofString());
      assertThat(head.statusCode()).isEqualTo(404);
      assertThat(head.body()).isEmpty();
    }
  }

  @Test
  void badTenantsAreNamed() throws Exception {
    try (RunningServer running =
        new RunningServer(routes ->
            routes
                .family(ErrorShape.PLAIN_TEXT, Right.READ)
                .get("/x", _ -> Response.text(200, "x")))) {
      for (String tenant : new String[] {"a/b", "..", "x".repeat(151), "a|b"}) {
        HttpResponse<String> response = running.get("/x", "X-Scope-OrgID", tenant);
        assertThat(response.statusCode()).as(tenant).isEqualTo(400);
        assertThat(response.body()).contains("X-Scope-OrgID").endsWith("\n");
      }
      assertThat(running.get("/x", "X-Scope-OrgID", "a", "X-Scope-OrgID", "b").statusCode())
          .isEqualTo(400);
    }
  }

  @Test
  void badEscapesAndBadUtf8InParametersAreRefused() throws Exception {
    try (RunningServer running =
        new RunningServer(routes ->
            routes
                .family(ErrorShape.PLAIN_TEXT, Right.READ)
                .post("/x", request -> Response.text(200, "" + request.parameters().get("a"))))) {
      String form = "application/x-www-form-urlencoded";
      HttpResponse<String> escape = running.post("/x", bytes("a=%zz"), "Content-Type", form);
      assertThat(escape.statusCode()).isEqualTo(400);
      assertThat(escape.body()).contains("invalid URL escape \"%zz\" in the form");
      HttpResponse<String> utf8 = running.post("/x", bytes("a=%ff%fe"), "Content-Type", form);
      assertThat(utf8.statusCode()).isEqualTo(400);
      assertThat(utf8.body()).contains("not valid UTF-8");
      HttpResponse<String> large =
          running.post("/x", bytes("a=" + "x".repeat(70_000)), "Content-Type", form);
      assertThat(large.statusCode()).isEqualTo(413);
      assertThat(large.body()).contains("64KiB").contains("web.max_form_size");
    }
  }

  @Test
  void healthAndReadinessFollowTheServersLife() throws Exception {
    try (RunningServer running =
        new RunningServer(routes -> {
          routes.family(ErrorShape.PLAIN_TEXT, Right.READ).get("/x", _ -> Response.text(200, "x"));
          routes
              .familyBeforeReady(ErrorShape.PLAIN_TEXT, Right.READ)
              .get("/early", _ -> Response.text(200, "early"));
        })) {
      running.readiness.starting("replaying the log");
      assertThat(running.get("/-/healthy").statusCode()).isEqualTo(200);
      HttpResponse<String> ready = running.get("/-/ready");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).isEqualTo("Skopos is not ready: replaying the log.\n");
      HttpResponse<String> refused = running.get("/x");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(running.get("/early").body()).isEqualTo("early");

      running.readiness.ready();
      assertThat(running.get("/-/ready").statusCode()).isEqualTo(200);
      assertThat(running.get("/x").statusCode()).isEqualTo(200);

      running.readiness.draining();
      assertThat(running.get("/-/ready").statusCode()).isEqualTo(503);
      assertThat(running.get("/x").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void unexpectedFailuresHideTheirCauseBehindAnIncident() throws Exception {
    try (RunningServer running =
        new RunningServer(routes ->
            routes
                .family(ErrorShape.PLAIN_TEXT, Right.READ)
                .get(
                    "/x",
                    _ -> {
                      throw new IllegalStateException("the secret is 42");
                    }))) {
      HttpResponse<String> response = running.get("/x");
      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.body()).contains("incident").doesNotContain("42");
    }
  }

  @Test
  void aClientThatGoesCancelsItsRequest() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    BlockingQueue<String> reasons = new LinkedBlockingQueue<>();
    try (RunningServer server =
        new RunningServer(routes ->
            routes
                .family(ErrorShape.PLAIN_TEXT, Right.READ)
                .getOrPost(
                    "/slow",
                    request -> {
                      request.parameters();
                      request.onCancel(reasons::add);
                      running.countDown();
                      finish.await();
                      return Response.text(200, "done");
                    }))) {
      Socket socket = server.socket();
      RunningServer.write(
          socket,
          "POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
              + "Content-Type: application/x-www-form-urlencoded\r\n\r\na=b");
      assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
      socket.close();
      assertThat(reasons.poll(10, TimeUnit.SECONDS)).isEqualTo("the client closed the connection");
      finish.countDown();
      assertThat(server.get("/-/healthy").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void requestsBeyondTheBoundAreToldToComeBack() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    try (RunningServer server =
        new RunningServer(
            config -> {
              config.maxRequestsInFlight = 1;
              return config;
            },
            routes ->
                routes
                    .family(ErrorShape.PLAIN_TEXT, Right.READ)
                    .get(
                        "/slow",
                        _ -> {
                          running.countDown();
                          finish.await();
                          return Response.text(200, "done");
                        }))) {
      var slow =
          server.client.sendAsync(
              server.request("/slow").build(), HttpResponse.BodyHandlers.ofString());
      assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
      HttpResponse<String> refused = server.get("/-/healthy");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("web.max_requests_in_flight");
      finish.countDown();
      assertThat(slow.get().body()).isEqualTo("done");
    }
  }

  @Test
  void stoppingLetsRunningRequestsFinish() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    RunningServer server =
        new RunningServer(routes ->
            routes
                .family(ErrorShape.PLAIN_TEXT, Right.READ)
                .get(
                    "/slow",
                    _ -> {
                      running.countDown();
                      finish.await();
                      return Response.text(200, "done");
                    }));
    var slow =
        server.client.sendAsync(
            server.request("/slow").build(), HttpResponse.BodyHandlers.ofString());
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
    Thread stop = Thread.ofPlatform().start(server.server::close);
    while (server.readiness.notReadyReason() == null) {
      Thread.onSpinWait();
    }
    finish.countDown();
    assertThat(slow.get().body()).isEqualTo("done");
    assertThat(stop.join(Duration.ofSeconds(10))).isTrue();
    server.close();
  }

  @Test
  void requestsAreCountedByRoute() throws Exception {
    try (RunningServer running =
        new RunningServer(routes ->
            routes
                .family(ErrorShape.PLAIN_TEXT, Right.READ)
                .get("/label/{name}", _ -> Response.text(200, "x")))) {
      running.get("/label/a");
      running.get("/label/b");
      running.get("/nothing");
      CounterSnapshot requests = awaitRequests(running, 3);
      assertThat(
              requests.getDataPoints().stream()
                  .map(point -> point.getLabels() + " " + (long) point.getValue()))
          .containsExactlyInAnyOrder(
              "{code=\"200\",method=\"GET\",route=\"/label/{name}\"} 2",
              "{code=\"404\",method=\"GET\",route=\"unknown\"} 1");
    }
  }

  /** The count follows the answer's last byte, so it may come a moment after the client has it. */
  private static CounterSnapshot awaitRequests(RunningServer running, int expected) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      CounterSnapshot requests =
          running.registry.scrape().stream()
              .filter(CounterSnapshot.class::isInstance)
              .map(CounterSnapshot.class::cast)
              .filter(metric -> metric.getMetadata().getName().equals("skopos_web_requests"))
              .findFirst()
              .orElseThrow();
      double total = requests.getDataPoints().stream().mapToDouble(p -> p.getValue()).sum();
      if (total >= expected || System.nanoTime() > deadline) {
        return requests;
      }
      Thread.onSpinWait();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
