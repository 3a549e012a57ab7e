// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import io.skopos.model.config.ByteSize;
import io.skopos.model.config.Setting;
import io.skopos.web.access.AccessConfig;
import io.skopos.web.tls.TlsConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** The HTTP server's settings. */
public record WebConfig(
    @Setting(
            doc =
                "Addresses to listen on, host:port each; port 0 takes a free one, an empty host"
                    + " means every interface.",
            defaultValue = "[127.0.0.1:4900]")
        List<String> listen,
    @Setting(doc = "Encryption of these addresses; off unless a certificate is given.")
        TlsConfig tls,
    @Setting(doc = "Further addresses, each with an encryption of its own.")
        List<ListenerConfig> listeners,
    @Setting(doc = "Who may do what; everyone everything unless a credentials file is given.")
        AccessConfig access,
    @Setting(
            doc =
                "Address that users know the server by when a proxy stands before it, like"
                    + " https://skopos.example; its host is an allowed host, its origin an allowed"
                    + " origin.")
        String externalUrl,
    @Setting(
            doc =
                "Names that a request's Host may have on a loopback address without access control,"
                    + " beside localhost and addresses; other names are answered 403, as a web page"
                    + " may have made them resolve to this machine.")
        List<String> allowedHosts,
    @Setting(
            doc =
                "Origins (https://grafana.example) whose web pages may use this server from a"
                    + " browser; * is any. Pages of other origins are answered 403.")
        List<String> allowedOrigins,
    @Setting(
            doc = "Open connections at most; further ones are closed at once.",
            defaultValue = "8192")
        int maxConnections,
    @Setting(
            doc = "Requests handled at the same time; the next one is answered with 503.",
            defaultValue = "1024")
        int maxRequestsInFlight,
    @Setting(
            doc =
                "Threads that handlers and scrapes wait on: virtual, platform, or auto, which is"
                    + " platform on JDKs before 25.0.4 because of JDK-8373120.",
            defaultValue = "auto")
        HandlerThreads handlerThreads,
    @Setting(
            doc = "From a request's first byte to the start of its answer; 503 afterwards.",
            defaultValue = "5m")
        Duration requestTimeout,
    @Setting(doc = "A body must have arrived by then; 408 afterwards.", defaultValue = "1m")
        Duration bodyTimeout,
    @Setting(
            doc = "A client that takes nothing of its answer for this long is dropped.",
            defaultValue = "30s")
        Duration stallTimeout,
    @Setting(doc = "A connection without requests is closed.", defaultValue = "5m")
        Duration idleTimeout,
    @Setting(
            doc = "How long a stop waits for requests that are being handled.",
            defaultValue = "10s")
        Duration drainTimeout,
    @Setting(doc = "Largest body as it is sent; 413 beyond.", defaultValue = "64MiB")
        ByteSize maxBodySize,
    @Setting(doc = "Largest body after decompression; 413 beyond.", defaultValue = "256MiB")
        ByteSize maxDecompressedSize,
    @Setting(
            doc = "Memory for the bodies of all requests together; 503 while it is used up.",
            defaultValue = "512MiB")
        ByteSize maxBodyMemory,
    @Setting(doc = "Largest form body, which holds parameters; 413 beyond.", defaultValue = "10MiB")
        ByteSize maxFormSize) {

  public WebConfig {
    listen = List.copyOf(listen);
    listeners = List.copyOf(listeners);
    allowedHosts = List.copyOf(allowedHosts);
    allowedOrigins = List.copyOf(allowedOrigins);
    if (!externalUrl.isEmpty() && !externalUrl.matches("https?://[^/?#@]+/?")) {
      throw new IllegalArgumentException(
          "web.external_url '" + externalUrl + "' is not like https://skopos.example");
    }
    for (String origin : allowedOrigins) {
      if (!origin.equals("*") && !origin.matches("[a-z][a-z0-9+.-]*://[^/?#@]+")) {
        throw new IllegalArgumentException(
            "web.allowed_origins: '" + origin + "' is not like https://grafana.example");
      }
    }
  }

  /** On which threads handlers run and scrapes wait. */
  public enum HandlerThreads {
    AUTO,
    VIRTUAL,
    PLATFORM;

    private static final Runtime.Version SOUND = Runtime.Version.parse("25.0.4");

    boolean virtual() {
      return switch (this) {
        case AUTO -> Runtime.version().compareTo(SOUND) >= 0;
        case VIRTUAL -> true;
        case PLATFORM -> false;
      };
    }

    /** Makes threads for tasks that wait, named with a number behind {@code prefix}. */
    public ThreadFactory factory(String prefix) {
      return virtual()
          ? Thread.ofVirtual().name(prefix, 0).factory()
          : Thread.ofPlatform().daemon().name(prefix, 0).factory();
    }
  }

  /** The defaults, listening on one address. */
  public static WebConfig listeningOn(String address) {
    return new WebConfig(
        List.of(address),
        TlsConfig.OFF,
        List.of(),
        AccessConfig.OPEN,
        "",
        List.of(),
        List.of(),
        8192,
        1024,
        HandlerThreads.AUTO,
        Duration.ofMinutes(5),
        Duration.ofMinutes(1),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        Duration.ofSeconds(10),
        ByteSize.parse("64MiB"),
        ByteSize.parse("256MiB"),
        ByteSize.parse("512MiB"),
        ByteSize.parse("10MiB"));
  }
}
