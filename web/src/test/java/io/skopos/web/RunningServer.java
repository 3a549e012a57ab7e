// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.web.access.TokenLookup;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A server on a free port, with clients that speak to it over real sockets. */
final class RunningServer implements AutoCloseable {

  final PrometheusRegistry registry = new PrometheusRegistry();
  final Readiness readiness = new Readiness();
  final WebServer server;
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  RunningServer(UnaryOperator<TestConfig> change, Consumer<Routes> endpoints) throws IOException {
    this(change, endpoints, TokenLookup.NONE, Audit.NONE);
  }

  RunningServer(
      UnaryOperator<TestConfig> change, Consumer<Routes> endpoints, TokenLookup tokens, Audit audit)
      throws IOException {
    Routes routes = new Routes();
    endpoints.accept(routes);
    server =
        new WebServer(
            change.apply(new TestConfig()).build(), routes, readiness, registry, tokens, audit);
    server.start();
    readiness.ready();
  }

  RunningServer(Consumer<Routes> endpoints) throws IOException {
    this(config -> config, endpoints);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = request(path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
    HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  Socket socket() throws IOException {
    Socket socket = new Socket("127.0.0.1", server.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Everything up to and including the first empty line. */
  static String readHead(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        break;
      }
      head.append((char) b);
    }
    return head.toString();
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }
}
