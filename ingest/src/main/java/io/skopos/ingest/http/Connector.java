// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Opens connections: straight, through proxies, with TLS, or to a Unix socket. Thread-safe. */
final class Connector {

  private final HttpThreads threads;
  private final ProxySettings proxies;
  private final TlsContext tls;
  private final String userAgent;
  private final @Nullable Path unixSocket;

  /**
   * @param unixSocket where all connections lead; null for where their routes do
   */
  Connector(
      HttpThreads threads,
      ProxySettings proxies,
      TlsContext tls,
      String userAgent,
      @Nullable Path unixSocket) {
    this.threads = threads;
    this.proxies = proxies;
    this.tls = tls;
    this.userAgent = userAgent;
    this.unixSocket = unixSocket;
  }

  Connection open(Route route, Deadline deadline)
      throws IOException, FetchFailure, InterruptedException {
    Path path = unixSocket;
    if (path != null) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      return connect(channel, UnixDomainSocketAddress.of(path), route, deadline);
    }
    URI proxy = route.proxy();
    String host = proxy == null ? route.host() : Route.host(proxy);
    int port = proxy == null ? route.port() : Route.port(proxy);
    IOException last = new ConnectException("the name has no address");
    for (InetAddress address : threads.resolve(host, deadline)) {
      try {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return connect(channel, new InetSocketAddress(address, port), route, deadline);
      } catch (IOException e) {
        if (deadline.passed() || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        last = e;
      }
    }
    throw last;
  }

  private Connection connect(
      SocketChannel channel, SocketAddress address, Route route, Deadline deadline)
      throws IOException, FetchFailure {
    boolean done = false;
    Future<?> expiry = threads.closeAt(deadline, channel);
    try {
      channel.connect(address);
      Connection connection = established(channel, route);
      done = true;
      return connection;
    } finally {
      expiry.cancel(false);
      if (!done) {
        channel.close();
      }
    }
  }

  private Connection established(SocketChannel channel, Route route)
      throws IOException, FetchFailure {
    if (unixSocket != null) {
      return new Connection(
          channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }
    Socket socket = channel.socket();
    URI proxy = route.proxy();
    if (proxy != null) {
      socket = throughProxy(socket, proxy, route);
    }
    if (route.tls()) {
      socket = tls.over(socket, route.host(), route.port());
    }
    return new Connection(channel, socket.getInputStream(), socket.getOutputStream());
  }

  private Socket throughProxy(Socket socket, URI proxy, Route route)
      throws IOException, FetchFailure {
    if (proxy.getScheme().startsWith("socks5")) {
      Tunnel.socks5(socket, route, proxy);
      return socket;
    }
    Socket way =
        proxy.getScheme().equalsIgnoreCase("https")
            ? tls.over(socket, Route.host(proxy), Route.port(proxy))
            : socket;
    if (route.tls()) {
      Tunnel.connect(way, route, proxy, userAgent, proxies.connectHeaders());
    }
    return way;
  }
}
