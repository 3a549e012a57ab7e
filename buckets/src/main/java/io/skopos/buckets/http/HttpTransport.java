// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Connections to one store, kept open between requests. Thread-safe. */
public final class HttpTransport implements AutoCloseable {

  private final HttpClient client;
  private final ScheduledThreadPoolExecutor alarms;

  /**
   * @param trust what is trusted, null for what the JDK trusts
   */
  public HttpTransport(Duration connectTimeout, @Nullable SSLContext trust) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout);
    if (trust != null) {
      builder.sslContext(trust);
    }
    this.client = builder.build();
    this.alarms =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("object-store-deadlines").factory());
    alarms.setRemoveOnCancelPolicy(true);
  }

  /**
   * Sends a request. An interrupt of the calling thread, also while the body is read, ends it.
   *
   * @param time until the last byte of the body
   * @throws NotConnected when no byte of the request was sent
   * @throws NotInTime when time is up
   */
  public HttpAnswer send(HttpRequest request, Duration time) throws IOException {
    long deadline = System.nanoTime() + time.toNanos();
    CompletableFuture<HttpResponse<InputStream>> sent =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
    try {
      HttpResponse<InputStream> response = sent.get(time.toNanos(), TimeUnit.NANOSECONDS);
      TimedBody body = new TimedBody(response.body(), time);
      ScheduledFuture<?> alarm =
          alarms.schedule(body::timeIsUp, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      body.alarm(alarm);
      return new HttpAnswer(response.statusCode(), response.headers(), body);
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw new NotInTime("no answer within " + time.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      sent.cancel(true);
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    }
  }

  @Override
  public void close() {
    alarms.shutdownNow();
    client.shutdownNow();
  }

  private static IOException failure(Throwable cause) {
    return switch (cause) {
      case HttpConnectTimeoutException e -> new NotConnected("no connection in time", e);
      case ConnectException e -> new NotConnected("no connection: " + reason(e), e);
      case SSLException e -> new NotTrusted("TLS failed: " + e.getMessage(), e);
      case HttpTimeoutException e -> new NotInTime("no answer in time", e);
      case IOException e -> new IOException("the connection broke: " + e.getMessage(), e);
      default -> new IOException("the request failed: " + cause, cause);
    };
  }

  // The JDK hides an unknown host and a closed port behind the same exception without a message.
  private static String reason(ConnectException e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof UnresolvedAddressException) {
        return "the host's name cannot be resolved";
      }
      if (at.getMessage() != null) {
        return at.getMessage();
      }
    }
    return "refused";
  }

  /** No byte of the request was sent. */
  public static final class NotConnected extends IOException {
    private static final long serialVersionUID = 1L;

    NotConnected(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The other side's certificate is not trusted, or there is no TLS at all. */
  public static final class NotTrusted extends IOException {
    private static final long serialVersionUID = 1L;

    NotTrusted(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Time was up before the answer was whole. */
  public static final class NotInTime extends IOException {
    private static final long serialVersionUID = 1L;

    NotInTime(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
