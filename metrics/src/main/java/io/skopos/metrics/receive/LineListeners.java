// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.receive;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.TenantId;
import io.skopos.storage.Intake;
import io.skopos.web.HttpError;
import io.skopos.web.Reloadable;
import io.skopos.web.receive.Receipts;
import io.skopos.web.sockets.TcpListener;
import io.skopos.web.tls.TlsSockets;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sockets for Graphite and OpenTSDB. A sender that is faster than the store waits in its socket; a
 * datagram that finds the store full is lost and counted, as UDP has it. Give it to {@code
 * WebServer.watch}, so that changed certificates are read again. Thread-safe.
 */
public final class LineListeners implements AutoCloseable, Reloadable {

  private static final Logger log = LoggerFactory.getLogger(LineListeners.class);

  private static final int MAX_DATAGRAM_BYTES = 65_535;

  private static final int DATAGRAM_BUFFER_BYTES = 4 << 20;

  private final ReceiverSettings settings;
  private final TenantId tenant;
  private final Intake intake;
  private final Receipts receipts;
  private final InstantSource clock;
  private final ThreadFactory threads;
  private final Gauge connections;
  private final Counter refusedConnections;
  private final Counter failedHandshakes;
  private final @Nullable TlsSockets tls;
  private final List<TcpListener> listeners = new ArrayList<>();
  private final List<DatagramSocket> datagrams = new ArrayList<>();
  private final List<Thread> receiving = new ArrayList<>();
  private volatile boolean closed;

  /**
   * Nothing listens yet.
   *
   * @param threads for connections, which wait most of the time
   * @throws IOException when a file of the certificate cannot be read, naming it
   */
  public LineListeners(
      ReceiverSettings settings,
      Intake intake,
      Receipts receipts,
      InstantSource clock,
      ThreadFactory threads,
      PrometheusRegistry registry)
      throws IOException {
    this.settings = settings;
    this.tls = settings.tls().enabled() ? new TlsSockets(settings.tls()) : null;
    this.tenant = new TenantId(settings.tenant());
    this.intake = intake;
    this.receipts = receipts;
    this.clock = clock;
    this.threads = threads;
    connections =
        Gauge.builder()
            .name("skopos_receive_connections")
            .help("Open connections of line protocols; at most receivers.max_connections each.")
            .labelNames("protocol")
            .register(registry);
    refusedConnections =
        Counter.builder()
            .name("skopos_receive_refused_connections_total")
            .help("Connections of line protocols closed at once, as there were too many.")
            .labelNames("protocol")
            .register(registry);
    failedHandshakes =
        Counter.builder()
            .name("skopos_receive_failed_handshakes_total")
            .help("Connections of line protocols closed, as they did not agree on TLS.")
            .labelNames("protocol")
            .register(registry);
  }

  /**
   * Listens on all addresses.
   *
   * @throws IOException when one is taken or is none
   */
  public void start() throws IOException {
    try {
      for (String address : settings.graphiteTcp()) {
        listen(LineProtocol.GRAPHITE, address);
      }
      for (String address : settings.opentsdbTcp()) {
        listen(LineProtocol.OPENTSDB, address);
      }
      for (String address : settings.graphiteUdp()) {
        listenForDatagrams(address);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void listen(LineProtocol protocol, String address) throws IOException {
    TcpListener listener =
        new TcpListener(
            protocol.word(),
            ReceiverSettings.address(address).resolve(),
            tls,
            settings.maxConnections(),
            settings.idleTimeout(),
            threads,
            new Connections(protocol.word()),
            connection -> read(protocol, connection));
    listeners.add(listener);
    listener.start();
  }

  /** Counts them. */
  private final class Connections implements TcpListener.Events {

    private final String protocol;

    Connections(String protocol) {
      this.protocol = protocol;
    }

    @Override
    public void opened() {
      connections.labelValues(protocol).inc();
    }

    @Override
    public void closed() {
      connections.labelValues(protocol).dec();
    }

    @Override
    public void refused() {
      refusedConnections.labelValues(protocol).inc();
    }

    @Override
    public void handshakeFailed() {
      failedHandshakes.labelValues(protocol).inc();
    }
  }

  private void read(LineProtocol protocol, Socket connection)
      throws IOException, InterruptedException {
    ReceivedRows rows = rows(protocol);
    new LineConnection(connection, protocol.reader(rows, clock), rows, settings.maxLineBytes())
        .run();
  }

  private ReceivedRows rows(LineProtocol protocol) {
    return new ReceivedRows(intake, receipts, tenant, protocol.word(), List.of());
  }

  private void listenForDatagrams(String address) throws IOException {
    DatagramSocket socket = new DatagramSocket(null);
    datagrams.add(socket);
    socket.setReceiveBufferSize(DATAGRAM_BUFFER_BYTES);
    try {
      socket.bind(ReceiverSettings.address(address).resolve());
    } catch (IOException e) {
      throw new IOException("cannot listen on " + address + " for datagrams: " + e.getMessage(), e);
    }
    Thread thread =
        threads.newThread(() -> {
          try {
            receive(socket);
          } catch (RuntimeException e) {
            if (!closed) {
              log.error("a listener's thread ended", e);
            }
          }
        });
    receiving.add(thread);
    thread.start();
  }

  private void receive(DatagramSocket socket) {
    ReceivedRows rows = rows(LineProtocol.GRAPHITE);
    LineProtocol.Reader reader = LineProtocol.GRAPHITE.reader(rows, clock);
    DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM_BYTES], MAX_DATAGRAM_BYTES);
    while (!closed) {
      try {
        packet.setLength(MAX_DATAGRAM_BYTES);
        socket.receive(packet);
        String unused = reader.read(packet.getData(), 0, packet.getLength());
        rows.flush();
      } catch (HttpError e) {
        rows.drop();
      } catch (IOException e) {
        if (!closed) {
          log.warn("graphite datagrams: {}", e.getMessage());
        }
      }
    }
  }

  /** The ports of TCP listeners really listened on: Graphite's, then OpenTSDB's. */
  public List<Integer> tcpPorts() {
    return listeners.stream().map(TcpListener::port).toList();
  }

  public List<Integer> udpPorts() {
    return datagrams.stream().map(DatagramSocket::getLocalPort).toList();
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
    listeners.forEach(TcpListener::close);
    datagrams.forEach(DatagramSocket::close);
    receiving.forEach(Thread::interrupt);
  }
}
