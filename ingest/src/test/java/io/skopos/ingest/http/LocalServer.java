// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** A server on a real socket whose answers a test chooses; it remembers what it was asked. */
public final class LocalServer implements AutoCloseable {

  /** What a request looked like. */
  public record Seen(String method, URI uri, Headers headers, String body, int clientPort) {}

  /** Gives one answer. */
  public interface Handler {
    void handle(Seen seen, HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();

  public LocalServer(Handler handler) throws IOException {
    this(handler, null);
  }

  LocalServer(Handler handler, @Nullable SSLContext tls) throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    if (tls == null) {
      server = HttpServer.create(anyPort, 0);
    } else {
      HttpsServer secure = HttpsServer.create(anyPort, 0);
      secure.setHttpsConfigurator(
          new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
              SSLParameters wanted = tls.getDefaultSSLParameters();
              wanted.setWantClientAuth(true);
              parameters.setSSLParameters(wanted);
            }
          });
      server = secure;
    }
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          Headers headers = new Headers();
          headers.putAll(exchange.getRequestHeaders());
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          Seen request =
              new Seen(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI(),
                  headers,
                  body,
                  exchange.getRemoteAddress().getPort());
          seen.add(request);
          try (exchange) {
            handler.handle(request, exchange);
          }
        });
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public URI url(String path) {
    String scheme = server instanceof HttpsServer ? "https" : "http";
    return URI.create(scheme + "://127.0.0.1:" + port() + path);
  }

  public List<Seen> seen() {
    return seen;
  }

  public static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  public static void json(HttpExchange exchange, String body) throws IOException {
    send(exchange, 200, "application/json", body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
