// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 with what a configuration says of it: TLS, credentials, proxies, headers, redirects.
 * Exchanges keep the caller's thread, end at their deadline and when it is interrupted; connections
 * are kept for the next one. One per configuration. Thread-safe.
 */
public final class HttpClient implements AutoCloseable {

  private static final int MAX_REDIRECTS = 10;

  private final HttpSettings settings;
  private final HttpThreads threads;
  private final String userAgent;
  private final ProxyChoice proxies;
  private final Connector connector;
  private final ConnectionPool pool = new ConnectionPool();
  private final Credentials credentials;

  public HttpClient(HttpSettings settings, HttpThreads threads, String userAgent)
      throws FetchFailure {
    this(settings, threads, userAgent, null, System.getenv());
  }

  /** All requests go to a Unix socket; their URLs' hosts are only told to the server. */
  public static HttpClient toUnixSocket(
      HttpSettings settings, HttpThreads threads, String userAgent, Path socket)
      throws FetchFailure {
    return new HttpClient(settings, threads, userAgent, socket, Map.of());
  }

  HttpClient(
      HttpSettings settings,
      HttpThreads threads,
      String userAgent,
      @Nullable Path unixSocket,
      Map<String, String> environment)
      throws FetchFailure {
    this.settings = settings;
    this.threads = threads;
    this.userAgent = userAgent;
    this.proxies = new ProxyChoice(settings.proxy(), environment);
    TlsContext tls = new TlsContext(settings.tls());
    this.connector = new Connector(threads, settings.proxy(), tls, userAgent, unixSocket);
    this.credentials = new Credentials(settings, threads, userAgent);
  }

  /** Sends a request and follows redirects; the answer may have any status. */
  public HttpAnswer send(HttpCall call, Deadline deadline)
      throws FetchFailure, InterruptedException {
    HttpCall next = call;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      boolean ownHost = sameHost(call.url(), next.url());
      HttpAnswer answer = exchange(next, ownHost, deadline);
      String location = answer.header("Location");
      boolean redirect = answer.status() / 100 == 3 && answer.status() != 304;
      if (answer.status() == 401 && ownHost) {
        credentials.refused();
      }
      if (!redirect
          || location == null
          || !settings.followRedirects()
          || !call.method().equals("GET")) {
        return answer;
      }
      answer.close();
      next = next.at(redirected(next.url(), location));
    }
    throw new FetchFailure("more than " + MAX_REDIRECTS + " redirects");
  }

  /** GETs a whole body; statuses other than 200 are failures. */
  public byte[] get(URI url, Map<String, String> headers, Deadline deadline, int limit)
      throws FetchFailure, InterruptedException {
    try (HttpAnswer answer = send(HttpCall.get(url, headers), deadline)) {
      if (answer.status() != 200) {
        throw new FetchFailure("server returned HTTP status " + answer.status());
      }
      return answer.bytes(limit);
    }
  }

  private HttpAnswer exchange(HttpCall call, boolean ownHost, Deadline deadline)
      throws FetchFailure, InterruptedException {
    Route route = route(call.url());
    byte[] head = HttpRequestHead.of(call, route, headers(call, route, ownHost, deadline));
    try {
      Connection kept = call.method().equals("GET") ? pool.take(route) : null;
      if (kept != null) {
        try {
          return exchange(call, head, route, kept, deadline);
        } catch (IOException e) {
          // The server may have closed it in the meantime; only an answer begun is an answer.
          if (deadline.passed() || Thread.currentThread().isInterrupted()) {
            throw e;
          }
        }
      }
      return exchange(call, head, route, connector.open(route, deadline), deadline);
    } catch (IOException e) {
      throw failure(e, call.url(), deadline);
    }
  }

  private Route route(URI url) throws FetchFailure {
    try {
      return Route.to(url, proxies.of(url));
    } catch (IllegalArgumentException e) {
      throw new FetchFailure("the request cannot be made: " + e.getMessage(), e);
    }
  }

  private HttpAnswer exchange(
      HttpCall call, byte[] head, Route route, Connection connection, Deadline deadline)
      throws IOException {
    Future<?> expiry = threads.closeAt(deadline, connection.channel());
    boolean answered = false;
    try {
      connection.write(head, call.body());
      ResponseHead answer = ResponseHead.read(connection.in());
      HttpAnswer whole =
          new HttpAnswer(call.url(), route, connection, pool, deadline, expiry, answer);
      answered = true;
      return whole;
    } finally {
      if (!answered) {
        expiry.cancel(false);
        connection.close();
      }
    }
  }

  private Map<String, List<String>> headers(
      HttpCall call, Route route, boolean ownHost, Deadline deadline)
      throws FetchFailure, InterruptedException {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put("User-Agent", List.of(userAgent));
    headers.put("Accept-Encoding", List.of("identity"));
    for (Map.Entry<String, HeaderSetting> header : settings.headers().entrySet()) {
      List<String> values = new ArrayList<>(header.getValue().values());
      values.addAll(header.getValue().secrets());
      for (Path file : header.getValue().files()) {
        values.add(Credentials.read(file));
      }
      headers.put(header.getKey(), values);
    }
    call.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    String authorization = ownHost ? credentials.header(deadline) : null;
    if (authorization != null) {
      headers.put("Authorization", List.of(authorization));
    }
    URI proxy = route.proxy();
    String proxyAuthorization =
        proxy != null && route.absoluteForm() ? Tunnel.authorization(proxy) : null;
    if (proxyAuthorization != null) {
      headers.put("Proxy-Authorization", List.of(proxyAuthorization));
    }
    return headers;
  }

  /** What an exception of a socket means; an interruption of the thread is what it is. */
  static FetchFailure failure(IOException e, URI url, Deadline deadline)
      throws InterruptedException {
    if (deadline.passed()) {
      return deadline.failure(e);
    }
    if (Thread.interrupted()) {
      throw (InterruptedException) new InterruptedException("while fetching").initCause(e);
    }
    return new FetchFailure(FetchErrors.describe(e, url), e);
  }

  private static boolean sameHost(URI first, URI second) {
    return first.getHost().equalsIgnoreCase(second.getHost())
        && first.getPort() == second.getPort()
        && first.getScheme().equalsIgnoreCase(second.getScheme());
  }

  private static URI redirected(URI from, String location) throws FetchFailure {
    try {
      URI to = from.resolve(location);
      boolean http = "http".equals(to.getScheme()) || "https".equals(to.getScheme());
      if (http && to.getHost() != null) {
        return to;
      }
    } catch (IllegalArgumentException e) {
      throw new FetchFailure("redirected to '" + location + "', which is no URL", e);
    }
    throw new FetchFailure("redirected to '" + location + "', which is no http URL");
  }

  @Override
  public void close() {
    credentials.close();
    pool.close();
  }
}
