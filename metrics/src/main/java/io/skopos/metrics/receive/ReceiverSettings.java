// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.receive;

import io.skopos.model.TenantId;
import io.skopos.model.config.Setting;
import io.skopos.web.tls.TlsConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Listeners for protocols that are not HTTP; none unless an address is given. */
public record ReceiverSettings(
    @Setting(
            doc =
                "Addresses for Graphite's plaintext protocol over TCP, host:port each; port 0 takes"
                    + " a free one, an empty host means every interface.",
            defaultValue = "[]")
        List<String> graphiteTcp,
    @Setting(doc = "Addresses for Graphite's plaintext protocol over UDP.", defaultValue = "[]")
        List<String> graphiteUdp,
    @Setting(doc = "Addresses for OpenTSDB's telnet protocol (put).", defaultValue = "[]")
        List<String> opentsdbTcp,
    @Setting(
            doc =
                "TLS of all TCP addresses above; with client_ca_file only known clients may send."
                    + " UDP has none.")
        TlsConfig tls,
    @Setting(
            doc =
                "Tenant of what comes over these listeners, which have no way to name one and ask"
                    + " for no credentials beside a certificate.",
            defaultValue = "anonymous")
        String tenant,
    @Setting(
            doc = "Open connections of each listener at most; further ones are closed at once.",
            defaultValue = "256")
        int maxConnections,
    @Setting(
            doc = "Longest line, at most 16777216; the connection is closed beyond.",
            defaultValue = "65536")
        int maxLineBytes,
    @Setting(
            doc = "A connection that sends nothing for so long is closed; at most 1d.",
            defaultValue = "10m")
        Duration idleTimeout) {

  private static final int LARGEST_LINE_BYTES = 16 << 20;
  private static final Duration LONGEST_IDLE = Duration.ofDays(1);

  public ReceiverSettings {
    graphiteTcp = List.copyOf(graphiteTcp);
    graphiteUdp = List.copyOf(graphiteUdp);
    opentsdbTcp = List.copyOf(opentsdbTcp);
    checkAddresses("graphite_tcp", graphiteTcp);
    checkAddresses("graphite_udp", graphiteUdp);
    checkAddresses("opentsdb_tcp", opentsdbTcp);
    try {
      new TenantId(tenant);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("receivers.tenant: " + e.getMessage(), e);
    }
    if (maxConnections < 1) {
      throw new IllegalArgumentException(
          "receivers.max_connections must be at least 1, not " + maxConnections);
    }
    if (maxLineBytes < 1 || maxLineBytes > LARGEST_LINE_BYTES) {
      throw new IllegalArgumentException(
          "receivers.max_line_bytes must be from 1 to "
              + LARGEST_LINE_BYTES
              + ", not "
              + maxLineBytes);
    }
    if (idleTimeout.toMillis() < 1 || idleTimeout.compareTo(LONGEST_IDLE) > 0) {
      throw new IllegalArgumentException(
          "receivers.idle_timeout must be from 1ms to 1d, not " + idleTimeout.toMillis() + "ms");
    }
  }

  private static void checkAddresses(String key, List<String> addresses) {
    for (String address : addresses) {
      try {
        address(address);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("receivers." + key + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * Not yet looked up.
   *
   * @throws IllegalArgumentException unless it is host:port
   */
  static HostAndPort address(String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon >= 0 && port >= 0 && port <= 65_535) {
        return new HostAndPort(text.substring(0, colon).replace("[", "").replace("]", ""), port);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException("'" + text + "' is not of the form host:port");
  }

  /**
   * Where to listen.
   *
   * @param host empty means every interface
   */
  record HostAndPort(String host, int port) {

    InetSocketAddress resolve() {
      return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    }
  }

  public static ReceiverSettings defaults() {
    return new ReceiverSettings(
        List.of(),
        List.of(),
        List.of(),
        TlsConfig.OFF,
        "anonymous",
        256,
        65_536,
        Duration.ofMinutes(10));
  }
}
