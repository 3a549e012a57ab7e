// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.sockets;

import io.skopos.web.Reloadable;
import io.skopos.web.tls.TlsSockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections at an address, each served by a thread of its own; those beyond the bound are
 * closed at once. With TLS the handshake is made before a connection is served. Give it to {@code
 * WebServer.watch}, so that changed certificates are read again. Thread-safe.
 */
public final class TcpListener implements AutoCloseable, Reloadable {

  private static final Logger log = LoggerFactory.getLogger(TcpListener.class);

  /** For a handshake and for a goodbye; who says neither is not worth a connection. */
  private static final int HANDSHAKE_MS = 10_000;

  /** Serves one connection until its end. */
  @FunctionalInterface
  public interface Protocol {

    /**
     * Reads time out after the idle timeout.
     *
     * @param connection decrypted, if it is encrypted; closed by the listener
     */
    void serve(Socket connection) throws IOException, InterruptedException;
  }

  /** Hears what happens to connections; called by many threads. */
  public interface Events {
    void opened();

    void closed();

    /** There were too many. */
    void refused();

    void handshakeFailed();
  }

  private final String name;
  private final ServerSocket server = new ServerSocket();
  private final @Nullable TlsSockets tls;
  private final Semaphore free;
  private final int idleMs;
  private final ThreadFactory threads;
  private final Events events;
  private final Protocol protocol;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Takes the address; nothing is accepted before {@link #start}.
   *
   * @param name of the protocol, for messages
   * @param tls null for none; may be shared by listeners
   * @param threads for connections, which wait most of the time
   * @throws IOException when the address is taken or none
   */
  public TcpListener(
      String name,
      InetSocketAddress address,
      @Nullable TlsSockets tls,
      int maxConnections,
      Duration idleTimeout,
      ThreadFactory threads,
      Events events,
      Protocol protocol)
      throws IOException {
    this.name = name;
    this.tls = tls;
    this.free = new Semaphore(maxConnections);
    this.idleMs = Math.toIntExact(idleTimeout.toMillis());
    this.threads = threads;
    this.events = events;
    this.protocol = protocol;
    try {
      server.bind(address);
    } catch (IOException e) {
      server.close();
      throw new IOException(
          "cannot listen on " + shown(address) + " for " + name + ": " + e.getMessage(), e);
    }
  }

  /** As it is written in a configuration. */
  private static String shown(InetSocketAddress address) {
    String host = address.getHostString();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  public void start() {
    run(this::accept);
  }

  private void accept() {
    while (!closed) {
      try {
        Socket socket = server.accept();
        if (!free.tryAcquire()) {
          events.refused();
          socket.close();
          continue;
        }
        open.add(socket);
        run(() -> {
          try (socket) {
            serve(socket);
          } catch (IOException e) {
            log.debug("{} connection: {}", name, e.getMessage());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            open.remove(socket);
            free.release();
          }
        });
      } catch (IOException e) {
        if (!closed) {
          log.warn("{} listener: {}", name, e.getMessage());
        }
      }
    }
  }

  private void serve(Socket socket) throws IOException, InterruptedException {
    events.opened();
    try {
      TlsSockets encryption = tls;
      if (encryption == null) {
        socket.setSoTimeout(idleMs);
        protocol.serve(socket);
      } else {
        serveEncrypted(socket, encryption);
      }
    } finally {
      events.closed();
    }
  }

  private void serveEncrypted(Socket socket, TlsSockets encryption)
      throws IOException, InterruptedException {
    socket.setSoTimeout(HANDSHAKE_MS);
    try (SSLSocket encrypted = encryption.serve(socket)) {
      try {
        encrypted.startHandshake();
      } catch (IOException e) {
        events.handshakeFailed();
        throw e;
      }
      try {
        socket.setSoTimeout(idleMs);
        protocol.serve(encrypted);
      } finally {
        // Closing waits for the client's goodbye.
        socket.setSoTimeout(HANDSHAKE_MS);
      }
    }
  }

  private void run(Runnable task) {
    Thread[] self = new Thread[1];
    self[0] =
        threads.newThread(() -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            if (!closed) {
              log.error("a thread of the {} listener ended", name, e);
            }
          } finally {
            running.remove(self[0]);
          }
        });
    running.add(self[0]);
    self[0].start();
  }

  /** The port really listened on. */
  public int port() {
    return server.getLocalPort();
  }

  @Override
  public Path[] files() {
    return tls == null ? new Path[0] : tls.files();
  }

  @Override
  public void reload() throws IOException {
    if (tls != null) {
      tls.reload();
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      log.debug("closing: {}", e.getMessage());
    }
    running.forEach(Thread::interrupt);
  }
}
