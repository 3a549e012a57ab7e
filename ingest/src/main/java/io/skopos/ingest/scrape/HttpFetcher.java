// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.ingest.scrape.config.HttpSettings;
import io.skopos.ingest.scrape.config.TlsSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * GETs a target's body within a deadline and a size. One per scrape config: its targets share the
 * pool of kept-alive connections. Thread-safe.
 */
final class HttpFetcher implements AutoCloseable {

  /** As Prometheus asks, without protobuf. */
  private static final String ACCEPT =
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
          + "application/openmetrics-text;version=0.0.1;q=0.5,"
          + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
          + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

  private static final int MAX_REDIRECTS = 10;

  private final HttpSettings settings;
  private final boolean compression;
  private final String userAgent;
  private final HttpClient client;

  HttpFetcher(HttpSettings settings, boolean compression, String userAgent, Executor tasks)
      throws ScrapeFailure {
    this.settings = settings;
    this.compression = compression;
    this.userAgent = userAgent;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .executor(tasks)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(settings.http2() ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
    if (!settings.tls().equals(TlsSettings.DEFAULT)) {
      builder.sslContext(TlsContext.of(settings.tls()));
    }
    client = builder.build();
  }

  /** What came, besides the body. */
  record Fetched(@Nullable String contentType, boolean gzip) {}

  /**
   * Fetches {@code url} into {@code body} as it comes over the wire.
   *
   * @param limit bytes after which the connection is cut
   */
  Fetched fetch(URI url, Duration timeout, long limit, BodyBytes body)
      throws ScrapeFailure, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    URI next = url;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      body.clear();
      HttpResponse<Boolean> response =
          exchange(
              checkedRequest(next, timeout, sameHost(url, next)), deadline, timeout, limit, body);
      int status = response.statusCode();
      String location = response.headers().firstValue("Location").orElse("");
      boolean redirect = status / 100 == 3 && status != 304 && !location.isEmpty();
      if (redirect && settings.followRedirects()) {
        next = redirected(next, location);
      } else if (status != 200) {
        throw new ScrapeFailure("server returned HTTP status " + status);
      } else if (!response.body()) {
        throw tooLarge(limit);
      } else {
        return fetched(response);
      }
    }
    throw new ScrapeFailure("more than " + MAX_REDIRECTS + " redirects");
  }

  static ScrapeFailure tooLarge(long limit) {
    return new ScrapeFailure(
        "body size limit exceeded: the body has more than " + limit + " bytes");
  }

  private static Fetched fetched(HttpResponse<Boolean> response) throws ScrapeFailure {
    String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
    boolean gzip = encoding.equalsIgnoreCase("gzip");
    if (!gzip && !encoding.equalsIgnoreCase("identity")) {
      throw new ScrapeFailure("the body's Content-Encoding '" + encoding + "' is not gzip");
    }
    return new Fetched(response.headers().firstValue("Content-Type").orElse(null), gzip);
  }

  private HttpResponse<Boolean> exchange(
      HttpRequest request, long deadline, Duration timeout, long limit, BodyBytes body)
      throws ScrapeFailure, InterruptedException {
    BoundedBody collector = new BoundedBody(body, limit);
    CompletableFuture<HttpResponse<Boolean>> future =
        client.sendAsync(request, response -> collector);
    try {
      return future.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new ScrapeFailure(
          "no complete answer within the scrape timeout of " + timeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ScrapeFailure(FetchErrors.describe(cause, request.uri()), cause);
    } finally {
      // Ends the exchange (and its connection) when it is still under way; what still comes of it
      // must not reach a buffer that is in other hands by then.
      future.cancel(true);
      collector.detach();
    }
  }

  private HttpRequest checkedRequest(URI url, Duration timeout, boolean withAuthorization)
      throws ScrapeFailure {
    try {
      return request(url, timeout, withAuthorization);
    } catch (IllegalArgumentException e) {
      // Configured header names and secrets from files may hold what HTTP does not allow.
      throw new ScrapeFailure("the request cannot be made: " + e.getMessage(), e);
    }
  }

  private HttpRequest request(URI url, Duration timeout, boolean withAuthorization)
      throws ScrapeFailure {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .GET()
            .header("Accept", ACCEPT)
            .header("User-Agent", userAgent)
            .header("X-Prometheus-Scrape-Timeout-Seconds", seconds(timeout))
            .header("Accept-Encoding", compression ? "gzip" : "identity");
    if (url.getScheme().equals("http")) {
      // No attempt to upgrade a plain connection: some targets answer it with an error.
      request.version(HttpClient.Version.HTTP_1_1);
    }
    settings.headers().forEach(request::setHeader);
    HttpSettings.Authorization authorization = settings.authorization();
    if (authorization != null && withAuthorization) {
      request.setHeader("Authorization", Credentials.header(authorization));
    }
    return request.build();
  }

  private static String seconds(Duration timeout) {
    double seconds = timeout.toMillis() / 1000.0;
    return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
  }

  private static boolean sameHost(URI first, URI second) {
    return first.getHost().equalsIgnoreCase(second.getHost())
        && first.getPort() == second.getPort()
        && first.getScheme().equals(second.getScheme());
  }

  private static URI redirected(URI from, String location) throws ScrapeFailure {
    try {
      URI to = from.resolve(location);
      boolean http = "http".equals(to.getScheme()) || "https".equals(to.getScheme());
      if (http && to.getHost() != null) {
        return to;
      }
    } catch (IllegalArgumentException e) {
      throw new ScrapeFailure("redirected to '" + location + "', which is no URL", e);
    }
    throw new ScrapeFailure("redirected to '" + location + "', which is no http URL");
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  /** Collects the body; false as soon as it is longer than the limit. */
  private static final class BoundedBody implements HttpResponse.BodySubscriber<Boolean> {

    private final CompletableFuture<Boolean> result = new CompletableFuture<>();
    private final BodyBytes body;
    private final long limit;
    private Flow.@Nullable Subscription subscription;

    BoundedBody(BodyBytes body, long limit) {
      this.body = body;
      this.limit = limit;
    }

    @Override
    public CompletionStage<Boolean> getBody() {
      return result;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
      subscription = newSubscription;
      newSubscription.request(Long.MAX_VALUE);
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        if (!result.isDone() && !body.append(buffer, limit)) {
          result.complete(false);
          if (subscription != null) {
            subscription.cancel();
          }
        }
      }
    }

    synchronized void detach() {
      result.complete(false);
    }

    @Override
    public void onError(Throwable failure) {
      result.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      result.complete(true);
    }
  }
}
