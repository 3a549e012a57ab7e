// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import io.skopos.model.config.ByteSize;
import io.skopos.web.access.AccessConfig;
import io.skopos.web.tls.TlsConfig;
import java.time.Duration;
import java.util.List;

/** The default settings on a free port, some of them changed. */
final class TestConfig {

  TlsConfig tls = TlsConfig.OFF;
  List<ListenerConfig> listeners = List.of();
  AccessConfig access = AccessConfig.OPEN;
  String externalUrl = "";
  List<String> allowedHosts = List.of();
  List<String> allowedOrigins = List.of();
  int maxConnections = 100;
  int maxRequestsInFlight = 100;
  WebConfig.HandlerThreads handlerThreads = WebConfig.HandlerThreads.VIRTUAL;
  Duration requestTimeout = Duration.ofSeconds(30);
  Duration bodyTimeout = Duration.ofSeconds(10);
  Duration stallTimeout = Duration.ofSeconds(10);
  Duration drainTimeout = Duration.ofSeconds(2);
  ByteSize maxBodySize = new ByteSize(1 << 20);
  ByteSize maxDecompressedSize = new ByteSize(4 << 20);
  ByteSize maxBodyMemory = new ByteSize(64 << 20);
  ByteSize maxFormSize = new ByteSize(1 << 16);

  WebConfig build() {
    return new WebConfig(
        List.of("127.0.0.1:0"),
        tls,
        listeners,
        access,
        externalUrl,
        allowedHosts,
        allowedOrigins,
        maxConnections,
        maxRequestsInFlight,
        handlerThreads,
        requestTimeout,
        bodyTimeout,
        stallTimeout,
        Duration.ofMinutes(1),
        drainTimeout,
        maxBodySize,
        maxDecompressedSize,
        maxBodyMemory,
        maxFormSize);
  }
}
