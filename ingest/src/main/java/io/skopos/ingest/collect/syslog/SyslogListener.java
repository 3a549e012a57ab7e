// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.syslog;

import io.skopos.ingest.collect.delivery.CollectMetrics;
import io.skopos.ingest.collect.delivery.Delivery;
import io.skopos.ingest.collect.delivery.EntryBatches;
import io.skopos.ingest.collect.stage.Stages;
import io.skopos.ingest.relabel.RelabelRule;
import io.skopos.ingest.relabel.Relabelling;
import io.skopos.web.Reloadable;
import io.skopos.web.sockets.TcpListener;
import io.skopos.web.tls.TlsSockets;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes syslog messages at one address. A TCP sender that is faster than the store waits in its
 * socket; a datagram that finds the store full is lost and counted, as UDP has it. Thread-safe.
 */
public final class SyslogListener implements AutoCloseable, Reloadable {

  private static final Logger log = LoggerFactory.getLogger(SyslogListener.class);

  private static final int MAX_DATAGRAM_BYTES = 65_535;
  private static final int DATAGRAM_BUFFER_BYTES = 4 << 20;

  /** Datagrams that may wait; they are small mostly. */
  private static final int MAX_WAITING = 4096;

  private static final int MAX_KNOWN_SENDERS = 1000;

  private final String job;
  private final SyslogSettings settings;
  private final Relabelling relabelling;
  private final Stages stages;
  private final Supplier<EntryBatches> batches;
  private final Delivery delivery;
  private final InstantSource clock;
  private final CollectMetrics metrics;
  private final boolean hostnames;
  private final @Nullable TcpListener tcp;
  private final @Nullable DatagramSocket udp;
  private final BlockingQueue<Datagram> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicLong stored = new AtomicLong();
  private volatile String problem = "";
  private volatile boolean closed;
  private final Thread[] ofDatagrams = new Thread[2];

  private record Datagram(byte[] bytes, InetAddress sender) {}

  /**
   * Takes the address; nothing is received before {@link #start}.
   *
   * @param batches makes what entries of one sender are gathered in
   * @param threads for connections, which wait most of the time
   * @throws IOException when the address is taken or none, or a certificate cannot be read
   */
  public SyslogListener(
      String job,
      SyslogSettings settings,
      List<RelabelRule> rules,
      Stages stages,
      Supplier<EntryBatches> batches,
      Delivery delivery,
      InstantSource clock,
      ThreadFactory threads,
      CollectMetrics metrics)
      throws IOException {
    this.job = job;
    this.settings = settings;
    this.relabelling = new Relabelling(rules);
    this.stages = stages;
    this.batches = batches;
    this.delivery = delivery;
    this.clock = clock;
    this.metrics = metrics;
    // Looking names up takes its time, so only when somebody asks for them.
    this.hostnames =
        rules.stream()
            .anyMatch(rule -> rule.sourceLabels().contains("__syslog_connection_hostname"));
    int colon = settings.address().lastIndexOf(':');
    String host = settings.address().substring(0, colon).replace("[", "").replace("]", "");
    int port = Integer.parseInt(settings.address().substring(colon + 1));
    InetSocketAddress address =
        host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    if (settings.udp()) {
      this.tcp = null;
      this.udp = new DatagramSocket(null);
      udp.setReceiveBufferSize(DATAGRAM_BUFFER_BYTES);
      try {
        udp.bind(address);
      } catch (IOException e) {
        udp.close();
        throw new IOException(
            "cannot listen on " + settings.address() + " for datagrams: " + e.getMessage(), e);
      }
    } else {
      this.udp = null;
      this.tcp =
          new TcpListener(
              "syslog",
              address,
              settings.tls().enabled() ? new TlsSockets(settings.tls()) : null,
              settings.maxConnections(),
              settings.idleTimeout(),
              threads,
              new Events(),
              this::serve);
    }
  }

  private final class Events implements TcpListener.Events {
    @Override
    public void opened() {
      metrics.connections.inc();
    }

    @Override
    public void closed() {
      metrics.connections.dec();
    }

    @Override
    public void refused() {
      metrics.refusedConnections.inc();
    }

    @Override
    public void handshakeFailed() {
      metrics.failedHandshakes.inc();
    }
  }

  public void start() {
    TcpListener connections = tcp;
    DatagramSocket datagrams = udp;
    if (connections != null) {
      connections.start();
    } else if (datagrams != null) {
      ofDatagrams[0] = thread("collect-syslog-receive", () -> receive(datagrams));
      ofDatagrams[1] = thread("collect-syslog-store", this::storeDatagrams);
    }
  }

  private static Thread thread(String name, Runnable task) {
    return Thread.ofPlatform().daemon().name(name).start(task);
  }

  private void serve(Socket connection) throws IOException, InterruptedException {
    Map<String, String> sender = sender(connection.getInetAddress());
    SyslogFrames frames = new SyslogFrames(connection.getInputStream(), settings.maxMessageBytes());
    SyslogEntries entries = new SyslogEntries(this, batches.get(), stored);
    try {
      while (frames.next()) {
        entries.message(frames.message(), frames.length(), sender);
        entries.storeIfDue(frames.hasMore());
      }
    } catch (SocketTimeoutException e) {
      log.debug("a syslog sender was silent for {}", settings.idleTimeout());
    } catch (IOException e) {
      if (!closed) {
        malformed(String.valueOf(e.getMessage()));
      }
      throw e;
    } finally {
      entries.finish();
    }
  }

  private Map<String, String> sender(InetAddress address) {
    Map<String, String> labels = new HashMap<>();
    labels.put("__syslog_connection_ip_address", address.getHostAddress());
    if (hostnames) {
      labels.put("__syslog_connection_hostname", address.getCanonicalHostName());
    }
    return labels;
  }

  private void receive(DatagramSocket socket) {
    DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM_BYTES], MAX_DATAGRAM_BYTES);
    while (!closed) {
      try {
        packet.setLength(MAX_DATAGRAM_BYTES);
        socket.receive(packet);
        int length = Math.min(packet.getLength(), settings.maxMessageBytes());
        Datagram datagram =
            new Datagram(Arrays.copyOf(packet.getData(), length), packet.getAddress());
        if (length > 0 && !waiting.offer(datagram)) {
          metrics.lostDatagrams.inc();
        }
      } catch (IOException e) {
        if (!closed) {
          log.warn("syslog datagrams: {}", e.getMessage());
        }
      }
    }
  }

  private void storeDatagrams() {
    SyslogEntries entries = new SyslogEntries(this, batches.get(), stored);
    Map<InetAddress, Map<String, String>> senders = new HashMap<>();
    try {
      while (!closed) {
        Datagram datagram = waiting.poll(1, TimeUnit.SECONDS);
        if (datagram != null) {
          if (senders.size() > MAX_KNOWN_SENDERS) {
            senders.clear();
          }
          int length = datagram.bytes.length;
          while (length > 0
              && datagram.bytes[length - 1] <= ' '
              && datagram.bytes[length - 1] >= 0) {
            length--;
          }
          entries.message(
              datagram.bytes, length, senders.computeIfAbsent(datagram.sender, this::sender));
        }
        entries.storeIfDue(!waiting.isEmpty());
      }
      entries.finish();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("storing syslog datagrams ended by a defect", e);
      throw e;
    }
  }

  /** A message was left out. */
  void malformed(String why) {
    if (problem.isEmpty()) {
      log.warn("job {}: a syslog message is left out: {}", job, why);
    }
    problem = "the last message left out: " + why;
  }

  public String job() {
    return job;
  }

  SyslogSettings settings() {
    return settings;
  }

  Delivery delivery() {
    return delivery;
  }

  InstantSource clock() {
    return clock;
  }

  CollectMetrics metrics() {
    return metrics;
  }

  Relabelling relabelling() {
    return relabelling;
  }

  Stages stages() {
    return stages;
  }

  /** What is shown: protocol and address. */
  public String address() {
    String protocol = settings.udp() ? "udp" : settings.tls().enabled() ? "tls" : "tcp";
    return "syslog " + protocol + " " + settings.address();
  }

  /** The port really listened on. */
  public int port() {
    return tcp != null ? tcp.port() : udp != null ? udp.getLocalPort() : -1;
  }

  /** Stored since the start. */
  public long entries() {
    return stored.get();
  }

  /** Empty when there is none. */
  public String problem() {
    return problem;
  }

  @Override
  public Path[] files() {
    return tcp == null ? new Path[0] : tcp.files();
  }

  @Override
  public void reload() throws IOException {
    if (tcp != null) {
      tcp.reload();
    }
  }

  @Override
  public void close() {
    closed = true;
    if (tcp != null) {
      tcp.close();
    }
    if (udp != null) {
      udp.close();
    }
    for (Thread thread : ofDatagrams) {
      if (thread != null) {
        try {
          thread.join(2000);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        thread.interrupt();
      }
    }
  }
}
