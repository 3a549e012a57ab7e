// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * What Google documents of Cloud Storage's XML protocol, as far as we use it, in this process:
 * there is no emulator of it to start. Generations and their conditions, ranges, listings,
 * resumable uploads that may keep less than they were sent, tokens for a service account's signed
 * statement.
 */
public final class GcsFake implements AutoCloseable {

  private static final int PIECE_UNIT = 256 << 10;

  private final HttpServer server;
  private final String bucket;
  private final PublicKey account;
  private final NavigableMap<String, Stored> objects = new TreeMap<>();
  private final Map<String, Session> sessions = new HashMap<>();
  private long nextGeneration = 1_700_000_000_000_001L;
  private int tokens;

  private record Stored(byte[] bytes, long generation, String writeToken) {}

  private static final class Session {
    final String key;
    final String writeToken;
    final @Nullable String condition;
    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    boolean complete;

    Session(String key, String writeToken, @Nullable String condition) {
      this.key = key;
      this.writeToken = writeToken;
      this.condition = condition;
    }
  }

  /** Starts one with an empty bucket. */
  public GcsFake(String bucket, PublicKey account) throws IOException {
    this.bucket = bucket;
    this.account = account;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public String tokenAddress() {
    return endpoint() + "/token";
  }

  /** The token given last is good no more. */
  public synchronized void revoke() {
    tokens++;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    try (exchange) {
      answer(exchange, body);
    }
  }

  private synchronized void answer(HttpExchange exchange, byte[] body) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/token")) {
      token(exchange, body);
      return;
    }
    if (!("Bearer token-" + tokens).equals(header(exchange, "authorization"))) {
      error(exchange, 401, "AuthenticationRequired");
      return;
    }
    String method = exchange.getRequestMethod();
    if (path.startsWith("/session/")) {
      session(exchange, method, path.substring("/session/".length()), body);
    } else if (path.equals("/" + bucket) && method.equals("GET")) {
      list(exchange);
    } else if (path.startsWith("/" + bucket + "/")) {
      object(exchange, method, path.substring(bucket.length() + 2), body);
    } else {
      error(exchange, 404, "NoSuchBucket");
    }
  }

  private void object(HttpExchange exchange, String method, String key, byte[] body)
      throws IOException {
    Stored present = objects.get(key);
    String condition = exchange.getRequestHeaders().getFirst("x-goog-if-generation-match");
    switch (method) {
      case "PUT" -> {
        if (!holds(condition, present)) {
          error(exchange, 412, "PreconditionFailed");
          return;
        }
        long generation = store(key, body, header(exchange, "x-goog-meta-skopos-write"));
        exchange.getResponseHeaders().add("x-goog-generation", Long.toString(generation));
        send(exchange, 200, new byte[0]);
      }
      case "POST" -> {
        String id = "s" + sessions.size();
        sessions.put(id, new Session(key, header(exchange, "x-goog-meta-skopos-write"), condition));
        exchange.getResponseHeaders().add("Location", endpoint() + "/session/" + id);
        send(exchange, 201, new byte[0]);
      }
      case "DELETE" -> {
        if (present == null) {
          error(exchange, 404, "NoSuchKey");
        } else if (!holds(condition, present)) {
          error(exchange, 412, "PreconditionFailed");
        } else {
          objects.remove(key);
          send(exchange, 204, new byte[0]);
        }
      }
      default -> {
        if (present == null) {
          error(exchange, 404, "NoSuchKey");
        } else {
          read(exchange, method, present);
        }
      }
    }
  }

  private static void read(HttpExchange exchange, String method, Stored present)
      throws IOException {
    exchange.getResponseHeaders().add("x-goog-generation", Long.toString(present.generation));
    exchange.getResponseHeaders().add("x-goog-meta-skopos-write", present.writeToken);
    if (method.equals("HEAD")) {
      exchange.getResponseHeaders().add("Content-Length", Integer.toString(present.bytes.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    String range = header(exchange, "range");
    if (range.isEmpty()) {
      send(exchange, 200, present.bytes);
      return;
    }
    String[] ends = range.substring("bytes=".length()).split("-", 2);
    int from = Integer.parseInt(ends[0]);
    int to = Math.min(Integer.parseInt(ends[1]) + 1, present.bytes.length);
    if (from >= present.bytes.length) {
      error(exchange, 416, "InvalidRange");
    } else {
      send(exchange, 206, Arrays.copyOfRange(present.bytes, from, to));
    }
  }

  private void session(HttpExchange exchange, String method, String id, byte[] body)
      throws IOException {
    Session session = sessions.get(id);
    if (session == null) {
      error(exchange, 404, "NoSuchUpload");
      return;
    }
    if (method.equals("DELETE")) {
      sessions.remove(id);
      error(exchange, 499, "");
      return;
    }
    if (session.complete) {
      send(exchange, 200, new byte[0]);
      return;
    }
    String range = header(exchange, "content-range");
    String total = range.substring(range.indexOf('/') + 1);
    if (!range.startsWith("bytes *")) {
      int from = Integer.parseInt(range.substring("bytes ".length(), range.indexOf('-')));
      if (from != session.received.size() || (total.equals("*") && body.length % PIECE_UNIT != 0)) {
        error(exchange, 400, "InvalidArgument");
        return;
      }
      session.received.write(body);
    }
    if (!total.equals("*") && session.received.size() == Integer.parseInt(total)) {
      if (!holds(session.condition, objects.get(session.key))) {
        error(exchange, 412, "PreconditionFailed");
        return;
      }
      long generation = store(session.key, session.received.toByteArray(), session.writeToken);
      session.complete = true;
      exchange.getResponseHeaders().add("x-goog-generation", Long.toString(generation));
      send(exchange, 200, new byte[0]);
      return;
    }
    if (session.received.size() > 0) {
      exchange.getResponseHeaders().add("Range", "bytes=0-" + (session.received.size() - 1));
    }
    send(exchange, 308, new byte[0]);
  }

  private void list(HttpExchange exchange) throws IOException {
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    String prefix = query.getOrDefault("prefix", "");
    String after = query.getOrDefault("start-after", "");
    int limit = Integer.parseInt(query.getOrDefault("max-keys", "1000"));
    StringBuilder page = new StringBuilder("<?xml version='1.0'?><ListBucketResult>");
    int count = 0;
    boolean more = false;
    for (Map.Entry<String, Stored> each : objects.tailMap(after, false).entrySet()) {
      if (!each.getKey().startsWith(prefix)) {
        continue;
      }
      if (count == limit) {
        more = true;
        break;
      }
      count++;
      page.append("<Contents><Key>").append(each.getKey()).append("</Key><Size>");
      page.append(each.getValue().bytes.length).append("</Size></Contents>");
    }
    page.append("<IsTruncated>").append(more).append("</IsTruncated></ListBucketResult>");
    send(exchange, 200, page.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void token(HttpExchange exchange, byte[] body) throws IOException {
    String statement =
        query(new String(body, StandardCharsets.US_ASCII)).getOrDefault("assertion", "");
    if (!isSigned(statement)) {
      send(exchange, 400, "{\"error\":\"invalid_grant\"}".getBytes(StandardCharsets.US_ASCII));
      return;
    }
    String token = "{\"access_token\":\"token-" + tokens + "\",\"expires_in\":3599}";
    send(exchange, 200, token.getBytes(StandardCharsets.US_ASCII));
  }

  private boolean isSigned(String statement) {
    int dot = statement.lastIndexOf('.');
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(account);
      signature.update(
          statement.substring(0, Math.max(dot, 0)).getBytes(StandardCharsets.US_ASCII));
      return signature.verify(Base64.getUrlDecoder().decode(statement.substring(dot + 1)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private long store(String key, byte[] bytes, String writeToken) {
    long generation = nextGeneration++;
    objects.put(key, new Stored(bytes, generation, writeToken));
    return generation;
  }

  private static boolean holds(@Nullable String condition, @Nullable Stored present) {
    return condition == null
        || Long.parseLong(condition) == (present == null ? 0 : present.generation);
  }

  private static Map<String, String> query(@Nullable String text) {
    Map<String, String> values = new HashMap<>();
    if (text != null) {
      for (String pair : text.split("&", -1)) {
        String[] both = pair.split("=", 2);
        values.put(both[0], URLDecoder.decode(both[both.length - 1], StandardCharsets.UTF_8));
      }
    }
    return values;
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    byte[] body =
        ("<?xml version='1.0'?><Error><Code>" + code + "</Code></Error>")
            .getBytes(StandardCharsets.UTF_8);
    send(exchange, status, exchange.getRequestMethod().equals("HEAD") ? new byte[0] : body);
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }
}
