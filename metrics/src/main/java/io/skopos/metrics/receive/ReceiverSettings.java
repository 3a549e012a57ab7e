// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.receive;

import io.skopos.model.config.Setting;
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
                "Tenant of what comes over these listeners, which have no way to name one and ask"
                    + " for no credentials.",
            defaultValue = "anonymous")
        String tenant,
    @Setting(
            doc = "Open connections of each listener at most; further ones are closed at once.",
            defaultValue = "256")
        int maxConnections,
    @Setting(doc = "Longest line; the connection is closed beyond.", defaultValue = "65536")
        int maxLineBytes,
    @Setting(doc = "A connection that sends nothing is closed.", defaultValue = "10m")
        Duration idleTimeout) {

  public ReceiverSettings {
    graphiteTcp = List.copyOf(graphiteTcp);
    graphiteUdp = List.copyOf(graphiteUdp);
    opentsdbTcp = List.copyOf(opentsdbTcp);
  }

  public static ReceiverSettings defaults() {
    return new ReceiverSettings(
        List.of(), List.of(), List.of(), "anonymous", 256, 65_536, Duration.ofMinutes(10));
  }
}
