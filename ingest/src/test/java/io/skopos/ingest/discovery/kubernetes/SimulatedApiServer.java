// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import io.skopos.ingest.http.LocalServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An API server that answers lists (in pages of two) and watches as Kubernetes documents it, over
 * objects a test puts and removes.
 */
public final class SimulatedApiServer implements AutoCloseable {

  private static final String END = "";

  private final LocalServer server;
  private final Map<String, Map<String, String>> objects = new TreeMap<>();
  private final List<Watch> watches = new CopyOnWriteArrayList<>();
  private int version = 100;
  final List<String> lists = new CopyOnWriteArrayList<>();
  volatile int refusesWith;
  volatile boolean forgetsVersions;

  private record Watch(String path, BlockingQueue<String> events) {}

  public SimulatedApiServer() throws IOException {
    server = new LocalServer((seen, exchange) -> answer(seen.uri(), exchange));
  }

  public URI url() {
    return server.url("");
  }

  List<LocalServer.Seen> seen() {
    return server.seen();
  }

  /** Creates or changes an object; {@code json} has a metadata.name. */
  public synchronized void put(String path, String name, String json) {
    boolean known =
        objects.computeIfAbsent(path, _ -> new LinkedHashMap<>()).put(name, json) != null;
    send(path, event(known ? "MODIFIED" : "ADDED", json));
  }

  synchronized void remove(String path, String name) {
    String json = Objects.requireNonNull(Objects.requireNonNull(objects.get(path)).remove(name));
    send(path, event("DELETED", json));
  }

  /** A sign that nothing happened up to now. */
  synchronized void bookmark(String path) {
    send(
        path,
        "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\""
            + ++version
            + "\"}}}");
  }

  /** Ends all watches, as the server does when it is restarted. */
  void endWatches() {
    watches.forEach(watch -> watch.events.add(END));
  }

  /** Tells watchers that their version is too old. */
  void expire(String path) {
    send(path, "{\"type\":\"ERROR\",\"object\":{\"code\":410,\"message\":\"too old\"}}");
    send(path, END);
  }

  private String event(String type, String json) {
    version++;
    return "{\"type\":\"" + type + "\",\"object\":" + versioned(json) + "}";
  }

  private String versioned(String json) {
    String line = json.replace('\n', ' ');
    return line.replaceFirst(
        "\"metadata\":\\{", "\"metadata\":{\"resourceVersion\":\"" + version + "\",");
  }

  private void send(String path, String event) {
    watches.stream().filter(watch -> watch.path.equals(path)).forEach(w -> w.events.add(event));
  }

  private void answer(URI uri, HttpExchange exchange) throws IOException {
    String query = String.valueOf(uri.getQuery());
    if (refusesWith != 0) {
      LocalServer.send(exchange, refusesWith, "application/json", "{\"message\":\"not today\"}");
    } else if (query.contains("watch=true")) {
      watch(uri.getPath(), query, exchange);
    } else {
      list(uri.getPath(), query, exchange);
    }
  }

  private void list(String path, String query, HttpExchange exchange) throws IOException {
    lists.add(path + "?" + query);
    String page;
    synchronized (this) {
      List<String> all = new ArrayList<>(objects.getOrDefault(path, Map.of()).values());
      int from =
          query.contains("continue=") ? Integer.parseInt(query.replaceAll(".*continue=", "")) : 0;
      int to = Math.min(all.size(), from + 2);
      String next = to < all.size() ? ",\"continue\":\"" + to + "\"" : "";
      page =
          "{\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\""
              + version
              + "\""
              + next
              + "},\"items\":["
              + String.join(",", all.subList(from, to))
              + "]}";
    }
    LocalServer.json(exchange, page);
  }

  private void watch(String path, String query, HttpExchange exchange) throws IOException {
    if (forgetsVersions) {
      LocalServer.send(exchange, 410, "application/json", "{\"code\":410}");
      return;
    }
    Watch watch = new Watch(path, new LinkedBlockingQueue<>());
    synchronized (this) {
      // What changed between the list and the watch is not lost: it is sent as changed again.
      int from = Integer.parseInt(query.replaceAll(".*resourceVersion=(\\d+).*", "$1"));
      if (from < version) {
        objects
            .getOrDefault(path, Map.of())
            .values()
            .forEach(json -> watch.events.add(event("MODIFIED", json)));
      }
      watches.add(watch);
    }
    exchange.sendResponseHeaders(200, 0);
    try {
      OutputStream out = exchange.getResponseBody();
      out.flush();
      for (String event = watch.events.take(); !event.equals(END); event = watch.events.take()) {
        out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      watches.remove(watch);
    }
  }

  int watchCount() {
    return watches.size();
  }

  @Override
  public void close() {
    endWatches();
    server.close();
  }
}
