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
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.web.access.AccessAssembly;
import io.skopos.web.access.SessionRoutes;
import io.skopos.web.access.TokenLookup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server: HTTP/1.1 and HTTP/2 (with and without TLS) on every listen address. Wings
 * register their {@link Routes} before {@link #start}; what it does for all of them is told in the
 * package's page.
 */
public final class WebServer implements AutoCloseable {

  private final Server server;
  private final HandlerPool pool;
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
    this.readiness = readiness;
    this.pool = new HandlerPool(config.handlerThreads(), config.maxRequestsInFlight());
    addHealth(routes);
    ServerBuilder builder = Server.builder();
    AccessAssembly access = AccessAssembly.of(config.access(), tokens, InstantSource.system());
    new SessionRoutes(access.control()).register(routes);
    List<Reloadable> files = new ArrayList<>(access.files());
    SessionProtocol protocol = SessionProtocol.HTTP;
    if (config.tls().enabled()) {
      CertificateFiles certificate = new CertificateFiles(config.tls());
      files.add(certificate);
      builder.tlsProvider(certificate);
      protocol = SessionProtocol.HTTPS;
    }
    reloads = new FileReloads(files, registry);
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
    for (String address : config.listen()) {
      builder.port(ListenAddress.parse(address), protocol);
    }
    configure(builder, config);
    routes
        .byPath()
        .forEach(
            (path, endpoints) -> builder.service(path, new Dispatcher(path, endpoints, shared)));
    builder.serviceUnder("/", new Dispatcher("unknown", notFound(), shared));
    server = builder.build();
    GaugeWithCallback.builder()
        .name("skopos_web_connections")
        .help("Open connections; at most web.max_connections.")
        .callback(gauge -> gauge.call(server.numConnections()))
        .register(registry);
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
          method, new Routes.Endpoint(handler, ErrorShape.PLAIN_TEXT, false, null, false, false));
    }
    return endpoints;
  }

  /** Listens on every address, or on none and says which one is taken. */
  public void start() throws IOException {
    try {
      server.start().join();
      reloads.start();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("the web server could not start: " + cause.getMessage(), cause);
    }
  }

  /** The addresses really listened on, in the order of the configuration. */
  public List<InetSocketAddress> addresses() {
    return server.activePorts().values().stream().map(port -> port.localAddress()).toList();
  }

  /** The port of the first address. */
  public int port() {
    return server.activeLocalPort();
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
    server.stop().join();
    pool.close();
    reloads.close();
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
