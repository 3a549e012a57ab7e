// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServerTlsConfig;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.handler.ssl.ClientAuth;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.web.access.AccessAssembly;
import io.skopos.web.access.TokenLookup;
import io.skopos.web.tls.CertificateFiles;
import io.skopos.web.tls.TlsConfig;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server: HTTP/1.1 and HTTP/2 (with and without TLS) on every listen address. Wings
 * register their {@link Routes} before {@link #start}; what it does for all of them is told in the
 * package's page.
 */
public final class WebServer implements AutoCloseable {

  /** A flag of Armeria, read once in the life of the process. */
  private static final String TLS_ENGINE = "com.linecorp.armeria.tlsEngineType";

  private final WebConfig config;
  private final List<Server> servers = new ArrayList<>();
  private final HandlerPool pool;
  private final Set<Socket> openSockets = SocketService.openSockets();
  private final Readiness readiness;
  private final FileReloads reloads;

  /**
   * Nothing listens yet.
   *
   * @throws IOException when the certificate or the credentials cannot be read
   */
  public WebServer(
      WebConfig config, Routes routes, Readiness readiness, PrometheusRegistry registry)
      throws IOException {
    this(config, routes, readiness, registry, TokenLookup.NONE, Audit.NONE);
  }

  /**
   * Nothing listens yet.
   *
   * @param tokens made at run time, beside those of the credentials file
   * @param audit hears of calls that administer or act
   * @throws IOException when the certificate or the credentials cannot be read
   */
  public WebServer(
      WebConfig config,
      Routes routes,
      Readiness readiness,
      PrometheusRegistry registry,
      TokenLookup tokens,
      Audit audit)
      throws IOException {
    this.config = config;
    this.readiness = readiness;
    this.pool = new HandlerPool(config.handlerThreads(), config.maxRequestsInFlight());
    addHealth(routes);
    AccessAssembly access =
        AccessAssembly.of(config.access(), config.externalUrl(), tokens, InstantSource.system());
    access.routes().forEach(each -> each.accept(routes));
    List<Reloadable> files = new ArrayList<>(access.files());
    Dispatcher.Shared shared =
        new Dispatcher.Shared(
            config,
            pool,
            readiness,
            access.control(),
            new CrossSite(config, access.control().isOn()),
            audit,
            new BodyMemory(config.maxBodyMemory(), registry),
            new AccessMetrics(registry));
    Map<TlsConfig, List<String>> byTls = addressesByTls(config);
    if (byTls.keySet().stream().noneMatch(TlsConfig::enabled)) {
      spareTlsLibrary();
    }
    for (Map.Entry<TlsConfig, List<String>> addresses : byTls.entrySet()) {
      ServerBuilder builder = Server.builder();
      TlsConfig tls = addresses.getKey();
      if (tls.enabled()) {
        CertificateFiles certificate = new CertificateFiles(tls);
        files.add(certificate);
        builder.tlsProvider(
            certificate, ServerTlsConfig.builder().clientAuth(clientAuth(tls)).build());
      }
      for (String address : addresses.getValue()) {
        builder.port(
            ListenAddress.parse(address),
            tls.enabled() ? SessionProtocol.HTTPS : SessionProtocol.HTTP);
      }
      configure(builder, config);
      routes
          .byPath()
          .forEach(
              (path, endpoints) -> builder.service(path, new Dispatcher(path, endpoints, shared)));
      routes
          .sockets()
          .forEach(
              each -> builder.service(each.path(), new SocketService(each, shared, openSockets)));
      builder.serviceUnder("/", new Dispatcher("unknown", notFound(), shared));
      servers.add(builder.build());
    }
    reloads = new FileReloads(files, registry);
    GaugeWithCallback.builder()
        .name("skopos_web_connections")
        .help("Open connections; at most web.max_connections.")
        .callback(gauge -> gauge.call(servers.stream().mapToInt(Server::numConnections).sum()))
        .register(registry);
  }

  /**
   * Nothing here encrypts: Armeria would load BoringSSL at its first use all the same and try it
   * out with a certificate, which is a tenth of the time to start.
   */
  private static void spareTlsLibrary() {
    if (System.getProperty(TLS_ENGINE) == null) {
      System.setProperty(TLS_ENGINE, "jdk");
    }
  }

  /** In the order of the configuration; Armeria has one encryption for all ports of a server. */
  private static Map<TlsConfig, List<String>> addressesByTls(WebConfig config) {
    Map<TlsConfig, List<String>> addresses = new LinkedHashMap<>();
    if (!config.listen().isEmpty()) {
      addresses.put(config.tls(), new ArrayList<>(config.listen()));
    }
    for (ListenerConfig listener : config.listeners()) {
      addresses.computeIfAbsent(listener.tls(), _ -> new ArrayList<>()).add(listener.address());
    }
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("web.listen and web.listeners are both empty");
    }
    return addresses;
  }

  private static ClientAuth clientAuth(TlsConfig tls) {
    return tls.requiresClients()
        ? ClientAuth.REQUIRE
        : tls.asksClients() ? ClientAuth.OPTIONAL : ClientAuth.NONE;
  }

  private static void configure(ServerBuilder builder, WebConfig config) {
    builder
        .maxNumConnections(config.maxConnections())
        .requestTimeout(config.requestTimeout())
        .idleTimeout(config.idleTimeout())
        .gracefulShutdownTimeout(Duration.ofMillis(50), config.drainTimeout())
        // Bodies are bounded where they are read, per kind of body.
        .maxRequestLength(0)
        .http1MaxInitialLineLength(64 * 1024)
        .http1MaxHeaderSize(64 * 1024)
        .http2MaxHeaderListSize(64 * 1024)
        // What a request without a Host, as HTTP/1.0 allows, is taken to have named.
        .defaultHostname("localhost")
        .disableServerHeader()
        .meterRegistry(NoopMeterRegistry.get())
        .errorHandler(new PlainTextErrors(config));
  }

  private void addHealth(Routes routes) {
    routes
        .openFamily(ErrorShape.PLAIN_TEXT)
        .get("/-/healthy", _ -> Response.text(200, "Skopos is healthy.\n"))
        .get(
            "/ready",
            _ -> {
              String reason = readiness.notReadyReason();
              return reason == null
                  ? Response.text(200, "ready\n")
                  : Response.text(503, "Skopos is not ready: " + reason + ".\n");
            })
        .get(
            "/-/ready",
            _ -> {
              String reason = readiness.notReadyReason();
              return reason == null
                  ? Response.text(200, "Skopos is ready.\n")
                  : Response.text(503, "Skopos is not ready: " + reason + ".\n");
            });
  }

  private static Map<Method, Routes.Endpoint> notFound() {
    Handler handler = _ -> Response.text(404, "404 page not found\n");
    Map<Method, Routes.Endpoint> endpoints = new EnumMap<>(Method.class);
    for (Method method : Method.values()) {
      endpoints.put(
          method,
          new Routes.Endpoint(
              handler, ErrorShape.PLAIN_TEXT, false, null, Routes.Scope.CALLER, false, null));
    }
    return endpoints;
  }

  /** Listens on every address, or on none and says which one is taken. */
  public void start() throws IOException {
    try {
      for (Server server : servers) {
        server.start().join();
      }
      reloads.start();
    } catch (CompletionException e) {
      stop();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("the web server could not start: " + cause.getMessage(), cause);
    }
  }

  /** The addresses really listened on, in the order of the configuration. */
  public List<InetSocketAddress> addresses() {
    return servers.stream()
        .flatMap(server -> server.activePorts().values().stream())
        .map(port -> port.localAddress())
        .toList();
  }

  /**
   * How a program on this machine reaches the server.
   *
   * @param certificate PEM file of the certificate shown there; empty without TLS
   */
  public record OwnAddress(String url, String certificate) {}

  /** The first address that asks for no client certificate; null when all of them do. */
  public @Nullable OwnAddress ownAddress() {
    int index = 0;
    for (TlsConfig tls : addressesByTls(config).keySet()) {
      Server server = servers.get(index++);
      if (!tls.requiresClients()) {
        InetSocketAddress address = server.activePorts().values().iterator().next().localAddress();
        InetAddress host =
            address.getAddress().isAnyLocalAddress()
                ? InetAddress.getLoopbackAddress()
                : address.getAddress();
        String text = host.getHostAddress();
        return new OwnAddress(
            (tls.enabled() ? "https://" : "http://")
                + (host instanceof Inet6Address ? "[" + text + "]" : text)
                + ":"
                + address.getPort(),
            tls.enabled() ? Path.of(tls.certFile()).toAbsolutePath().toString() : "");
      }
    }
    return null;
  }

  /** The port of the first address. */
  public int port() {
    return servers.getFirst().activeLocalPort();
  }

  /**
   * Has these settings, too, read again when their files change; for listeners that are not this
   * server's.
   */
  public void watch(Reloadable settings) {
    reloads.add(settings);
  }

  /**
   * Reads certificate and credentials again if they have changed; this happens by itself every few
   * seconds, too.
   */
  public void reloadFiles() {
    reloads.reloadChanged();
  }

  /** Says not ready, lets running requests finish within the drain timeout, then closes. */
  @Override
  public void close() {
    readiness.draining();
    openSockets.forEach(socket -> socket.close("the server is shutting down"));
    stop();
    pool.close();
    reloads.close();
  }

  private void stop() {
    CompletableFuture.allOf(servers.stream().map(Server::stop).toArray(CompletableFuture<?>[]::new))
        .join();
  }

  /** What Armeria answers by itself: in text, without its own page. */
  private record PlainTextErrors(WebConfig config) implements ServerErrorHandler {

    @Override
    public @Nullable HttpResponse onServiceException(
        ServiceRequestContext context, Throwable cause) {
      if (cause instanceof com.linecorp.armeria.server.RequestTimeoutException) {
        return HttpResponse.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            MediaType.PLAIN_TEXT_UTF_8,
            "the request took longer than "
                + config.requestTimeout().toSeconds()
                + "s (web.request_timeout)\n");
      }
      return null;
    }

    @Override
    public AggregatedHttpResponse onProtocolViolation(
        ServiceConfig service,
        @Nullable RequestHeaders headers,
        HttpStatus status,
        @Nullable String description,
        @Nullable Throwable cause) {
      String text = description == null ? status.reasonPhrase() : description;
      return AggregatedHttpResponse.of(status, MediaType.PLAIN_TEXT_UTF_8, text + "\n");
    }
  }
}
