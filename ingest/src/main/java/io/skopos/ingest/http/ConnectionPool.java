// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connections that wait for the next request. Thread-safe. */
final class ConnectionPool implements AutoCloseable {

  private static final int MAX_PER_ROUTE = 8;
  private static final int MAX_IDLE = 10_000;
  private static final long MAX_IDLE_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Map<Route, ArrayDeque<Connection>> idle = new HashMap<>();
  private int count;
  private long sweptNanos = System.nanoTime();
  private boolean closed;

  synchronized @Nullable Connection take(Route route) {
    ArrayDeque<Connection> waiting = idle.get(route);
    while (waiting != null && !waiting.isEmpty()) {
      Connection connection = waiting.pop();
      count--;
      if (waiting.isEmpty()) {
        idle.remove(route);
      }
      if (System.nanoTime() - connection.idleSinceNanos < MAX_IDLE_NANOS) {
        connection.reused = true;
        return connection;
      }
      connection.close();
    }
    return null;
  }

  void put(Route route, Connection connection) {
    if (!keep(route, connection)) {
      connection.close();
    }
  }

  private synchronized boolean keep(Route route, Connection connection) {
    long now = System.nanoTime();
    if (now - sweptNanos > SWEEP_NANOS) {
      sweptNanos = now;
      sweep(now);
    }
    if (closed || count >= MAX_IDLE || !connection.channel().isOpen()) {
      return false;
    }
    ArrayDeque<Connection> waiting = idle.computeIfAbsent(route, _ -> new ArrayDeque<>(1));
    if (waiting.size() >= MAX_PER_ROUTE) {
      return false;
    }
    connection.idleSinceNanos = now;
    waiting.push(connection);
    count++;
    return true;
  }

  private void sweep(long now) {
    for (Iterator<ArrayDeque<Connection>> all = idle.values().iterator(); all.hasNext(); ) {
      ArrayDeque<Connection> waiting = all.next();
      waiting.removeIf(connection -> {
        boolean old = now - connection.idleSinceNanos > MAX_IDLE_NANOS;
        if (old) {
          connection.close();
          count--;
        }
        return old;
      });
      if (waiting.isEmpty()) {
        all.remove();
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    idle.values().forEach(waiting -> waiting.forEach(Connection::close));
    idle.clear();
    count = 0;
  }
}
