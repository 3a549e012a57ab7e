// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.server.config.ConfigLoader;
import io.skopos.web.Readiness;
import io.skopos.web.Routes;
import io.skopos.web.WebConfig;
import io.skopos.web.WebServer;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a small UI, asked for over a socket. */
class UiFilesTest {

  private static final String SCRIPT = "ui/assets/index-1a2b.js";

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private WebServer server;

  @SuppressWarnings("NullAway.Init")
  private URLClassLoader classes;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws Exception {
    file("index.html", "<html>the page</html>");
    file("favicon.svg", "<svg/>");
    file(SCRIPT, "plain script");
    file(SCRIPT + ".br", "script in brotli");
    file(SCRIPT + ".gz", "script in gzip");
    file("ui/assets/inter.woff2", "f".repeat(5000));
    file(
        "files.txt",
        "index.html\taaaa\t\nfavicon.svg\tbbbb\t\n"
            + SCRIPT
            + "\tcccc\tbr,gzip\nui/assets/inter.woff2\tdddd\t\n");
    file("pages.txt", "/\n/explore\n");
    classes = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null);
    Routes routes = new Routes();
    UiFiles.load(classes).register(routes);
    WebConfig config = ConfigLoader.load(null, Map.of("web.listen", "127.0.0.1:0")).skopos().web();
    server = new WebServer(config, routes, new Readiness(), new PrometheusRegistry());
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    classes.close();
    client.close();
  }

  @Test
  void thePageIsUnderTheAddressOfEveryPageAndNowhereElse() throws Exception {
    for (String page : new String[] {"/", "/explore", "/explore?metric=up&from=now-1h"}) {
      HttpResponse<String> answer = get(page);
      assertThat(answer.statusCode()).as(page).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("<html>the page</html>");
      assertThat(header(answer, "Content-Type")).isEqualTo("text/html; charset=utf-8");
      assertThat(header(answer, "Content-Security-Policy")).contains("default-src 'none'");
      assertThat(header(answer, "Cache-Control")).isEqualTo("no-cache");
    }
    for (String other :
        new String[] {
          "/api/v1/nonsense",
          "/metrics/x",
          "/loki/api/v1/push",
          "/-/x",
          "/explore/x",
          "/nonsense",
          "/ui/index.html",
          "/ui/",
          "/ui/assets/other.js",
          "/files.txt"
        }) {
      HttpResponse<String> answer = get(other);
      assertThat(answer.statusCode()).as(other).isEqualTo(404);
      assertThat(answer.body()).as(other).isEqualTo("404 page not found\n");
    }
  }

  @Test
  void aFileComesInTheBestCodingThatTheClientAccepts() throws Exception {
    HttpResponse<String> both = get("/" + SCRIPT, "Accept-Encoding", "gzip, deflate, br");
    assertThat(both.body()).isEqualTo("script in brotli");
    assertThat(header(both, "Content-Encoding")).isEqualTo("br");
    assertThat(header(both, "Vary")).isEqualTo("Accept-Encoding");
    assertThat(header(both, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
    assertThat(header(both, "Content-Type")).isEqualTo("text/javascript; charset=utf-8");

    HttpResponse<String> gzip = get("/" + SCRIPT, "Accept-Encoding", "br;q=0, gzip;q=0.5");
    assertThat(gzip.body()).isEqualTo("script in gzip");
    assertThat(header(gzip, "Content-Encoding")).isEqualTo("gzip");

    assertThat(get("/" + SCRIPT).body()).isEqualTo("plain script");
    // What is compressed by nature is not compressed again.
    HttpResponse<String> font = get("/ui/assets/inter.woff2", "Accept-Encoding", "gzip");
    assertThat(font.body()).hasSize(5000);
  }

  @Test
  void whatTheBrowserHasAlreadyIsNotSentAgain() throws Exception {
    String tag = header(get("/"), "ETag");
    assertThat(tag).isEqualTo("\"aaaa\"");
    HttpResponse<String> again = get("/", "If-None-Match", "\"other\", W/" + tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(get("/", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private void file(String name, String content) throws Exception {
    Path file = folder.resolve("ui").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content.getBytes(StandardCharsets.UTF_8));
  }
}
