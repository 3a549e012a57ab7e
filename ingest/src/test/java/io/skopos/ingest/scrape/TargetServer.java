// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/** A target on a real socket whose answers a test chooses. */
final class TargetServer implements AutoCloseable {

  interface Answer {
    void give(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CopyOnWriteArrayList<Headers> requests = new CopyOnWriteArrayList<>();
  private final CopyOnWriteArrayList<String> uris = new CopyOnWriteArrayList<>();
  private volatile Answer answer;

  TargetServer(Answer first) throws IOException {
    answer = first;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          Headers seen = new Headers();
          seen.putAll(exchange.getRequestHeaders());
          requests.add(seen);
          uris.add(exchange.getRequestURI().toString());
          try (exchange) {
            answer.give(exchange);
          }
        });
    server.start();
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  void answers(Answer next) {
    answer = next;
  }

  int requestCount() {
    return requests.size();
  }

  Headers lastRequest() {
    return requests.getLast();
  }

  String lastUri() {
    return uris.getLast();
  }

  static Answer text(String body) {
    return typed("text/plain; version=0.0.4; charset=utf-8", body);
  }

  static Answer typed(String contentType, String body) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", contentType);
      send(exchange, 200, body.getBytes(StandardCharsets.UTF_8));
    };
  }

  static Answer gzip(byte[] body) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Encoding", "gzip");
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
        out.write(body);
      }
      send(exchange, 200, packed.toByteArray());
    };
  }

  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
