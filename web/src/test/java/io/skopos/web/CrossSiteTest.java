// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.web.access.AccessConfig;
import io.skopos.web.access.Right;
import java.net.Socket;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Over raw sockets, as the JDK's client does not let its user set these headers. */
class CrossSiteTest {

  private static RunningServer server(UnaryOperator<TestConfig> change) throws Exception {
    return new RunningServer(
        change,
        routes ->
            routes
                .family(ErrorShape.PLAIN_TEXT, Right.READ)
                .getOrPost("/x", _ -> Response.text(200, "x")));
  }

  @Test
  void aNameThatWasMadeToResolveHereIsRefused() throws Exception {
    try (RunningServer running =
        server(config -> {
          config.allowedHosts = List.of("Metrics.local");
          config.externalUrl = "https://skopos.example";
          return config;
        })) {
      for (String host :
          List.of(
              "localhost",
              "localhost:4900",
              "app.localhost",
              "127.0.0.1:1",
              "[::1]:4900",
              "10.1.2.3",
              "metrics.local:80",
              "skopos.example")) {
        assertThat(head(running, "GET /x HTTP/1.1", "Host: " + host)).as(host).contains(" 200 ");
      }
      for (String host : List.of("evil.example", "localhost.evil.example:4900", "1.2.3.4.nip.io")) {
        assertThat(head(running, "GET /x HTTP/1.1", "Host: " + host)).as(host).contains(" 403 ");
      }
      assertThat(head(running, "GET /x HTTP/1.0")).contains(" 200 ");
      assertThat(head(running, "GET /-/healthy HTTP/1.1", "Host: pod-1")).contains(" 200 ");
    }
  }

  @Test
  void withAccessControlAnyHostWillDo() throws Exception {
    try (RunningServer running =
        server(config -> {
          config.access = AccessConfig.OPEN.withRequired();
          return config;
        })) {
      assertThat(head(running, "GET /x HTTP/1.1", "Host: any.example")).contains(" 401 ");
    }
  }

  @Test
  void pagesOfOtherSitesAreRefused() throws Exception {
    try (RunningServer running = server(config -> config)) {
      for (String method : List.of("GET", "POST", "OPTIONS")) {
        String line = method + " /x HTTP/1.1";
        assertThat(head(running, line, "Host: localhost", "Origin: https://evil.example"))
            .as(method)
            .contains(" 403 ")
            .doesNotContain("access-control");
        assertThat(head(running, line, "Host: localhost", "Sec-Fetch-Site: cross-site"))
            .contains(" 403 ");
        assertThat(head(running, line, "Host: localhost", "Sec-Fetch-Site: same-site"))
            .contains(" 403 ");
        assertThat(head(running, line, "Host: localhost", "Origin: null")).contains(" 403 ");
      }
      String get = "GET /x HTTP/1.1";
      assertThat(head(running, get, "Host: localhost:80", "Origin: http://localhost"))
          .contains(" 200 ");
      assertThat(head(running, get, "Host: localhost:4900", "Origin: http://localhost:3000"))
          .contains(" 403 ");
      assertThat(
              head(
                  running,
                  get,
                  "Host: 127.0.0.1",
                  "Origin: https://proxy.example",
                  "Sec-Fetch-Site: same-origin"))
          .as("a proxy that changes the Host")
          .contains(" 200 ");
      assertThat(
              head(
                  running,
                  get,
                  "Host: localhost",
                  "Sec-Fetch-Site: cross-site",
                  "Sec-Fetch-Mode: navigate",
                  "Sec-Fetch-Dest: document"))
          .as("someone followed a link")
          .contains(" 200 ");
      assertThat(
              head(
                  running,
                  "POST /x HTTP/1.1",
                  "Host: localhost",
                  "Sec-Fetch-Site: cross-site",
                  "Sec-Fetch-Mode: navigate",
                  "Sec-Fetch-Dest: document"))
          .as("a form of another site")
          .contains(" 403 ");
    }
  }

  @Test
  void allowedOriginsMayAskAndSeeTheAnswer() throws Exception {
    try (RunningServer running =
        server(config -> {
          config.allowedOrigins = List.of("https://Grafana.example");
          return config;
        })) {
      String answer =
          head(
              running,
              "GET /x HTTP/1.1",
              "Host: localhost",
              "Origin: https://grafana.example",
              "Sec-Fetch-Site: cross-site");
      assertThat(answer)
          .contains(" 200 ")
          .contains("access-control-allow-origin: https://grafana.example")
          .contains("access-control-allow-credentials: true")
          .contains("vary: Origin");
      String preflight =
          head(
              running,
              "OPTIONS /x HTTP/1.1",
              "Host: localhost",
              "Origin: https://grafana.example",
              "Access-Control-Request-Method: POST",
              "Access-Control-Request-Headers: x-scope-orgid");
      assertThat(preflight)
          .contains(" 204 ")
          .contains("access-control-allow-origin: https://grafana.example")
          .contains("access-control-allow-methods: GET, POST")
          .contains("X-Scope-OrgID");
      assertThat(head(running, "GET /x HTTP/1.1", "Host: localhost", "Origin: https://b.example"))
          .contains(" 403 ");
    }
    try (RunningServer running =
        server(config -> {
          config.allowedOrigins = List.of("*");
          return config;
        })) {
      assertThat(head(running, "GET /x HTTP/1.1", "Host: localhost", "Origin: https://b.example"))
          .contains("access-control-allow-origin: *")
          .doesNotContain("credentials");
    }
  }

  private static String head(RunningServer running, String... lines) throws Exception {
    try (Socket socket = running.socket()) {
      RunningServer.write(socket, String.join("\r\n", lines) + "\r\nContent-Length: 0\r\n\r\n");
      return RunningServer.readHead(socket);
    }
  }
}
