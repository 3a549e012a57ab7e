// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.skopos.model.TenantId;
import io.skopos.model.config.ByteSize;
import io.skopos.web.access.Caller;
import io.skopos.web.access.Presented;
import io.skopos.web.access.Right;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a client asks. Used by the handler's thread only, except for {@link #onCancel}. */
public final class Request implements AutoCloseable {

  private final ServiceRequestContext context;
  private final HttpRequest http;
  private final TenantId tenant;
  private final Caller caller;
  private final WebConfig config;
  private final BodyMemory memory;
  private @Nullable Parameters parameters;
  private @Nullable Body body;
  private String auditDetail = "";
  private final Deque<Runnable> closeActions = new ArrayDeque<>(2);

  Request(
      ServiceRequestContext context,
      HttpRequest http,
      TenantId tenant,
      Caller caller,
      WebConfig config,
      BodyMemory memory) {
    this.context = context;
    this.http = http;
    this.tenant = tenant;
    this.caller = caller;
    this.config = config;
    this.memory = memory;
  }

  /** Whose data the request is about, from {@code X-Scope-OrgID} or the credentials. */
  public TenantId tenant() {
    return tenant;
  }

  /** The name of the credentials used; null when access control is off. */
  public @Nullable String user() {
    return caller.name();
  }

  /** Who asks; may do everything when access control is off. */
  public Caller caller() {
    return caller;
  }

  /** For endpoints where the right needed depends on what is asked. */
  public void require(Right right) {
    caller.require(right, method() + " " + path());
  }

  /** What the request shows of its sender. */
  public Presented presented() {
    return new Presented(http.headers(), ClientCertificate.of(context));
  }

  /** Whether the client came by TLS, here or at the proxy that {@code web.external_url} names. */
  public boolean isSecure() {
    return context.sessionProtocol().isTls() || config.externalUrl().startsWith("https:");
  }

  /** What an audited call did, in a few words without secrets, beside its path. */
  public void auditDetail(String detail) {
    auditDetail = detail;
  }

  String auditDetail() {
    return auditDetail;
  }

  /** {@code GET}, {@code POST} and so on. */
  public String method() {
    return http.method().name();
  }

  /** The path without the query string, as it was sent. */
  public String path() {
    return context.path();
  }

  /** The decoded value of a path parameter of the route. */
  public String pathParameter(String name) {
    String value = context.pathParam(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no path parameter " + name);
    }
    // Bad bytes have been replaced already; U+FFFD that was not sent gives them away.
    if (value.indexOf('\uFFFD') >= 0 && !path().toUpperCase(Locale.ROOT).contains("%EF%BF%BD")) {
      throw HttpError.badData("the path segment {" + name + "} is not valid UTF-8: " + path());
    }
    return value;
  }

  /** The first value of a header, or null. Names are matched in any case. */
  public @Nullable String header(String name) {
    return http.headers().get(name.toLowerCase(Locale.ROOT));
  }

  public InetAddress clientAddress() {
    return context.clientAddress();
  }

  /**
   * The parameters of the query string and, for a POST with {@code
   * application/x-www-form-urlencoded}, of the form.
   */
  public Parameters parameters() {
    Parameters known = parameters;
    if (known == null) {
      known = new Parameters();
      String type = http.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
      if (type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
        Body form = read(config.maxFormSize(), "web.max_form_size");
        known.addEncoded(
            new String(form.bytes(), 0, form.length(), StandardCharsets.UTF_8), "form");
      }
      String query = context.query();
      if (query != null) {
        known.addEncoded(query, "query string");
      }
      parameters = known;
    }
    return known;
  }

  /** The parameters of the query string only; for endpoints whose body is never a form. */
  public Parameters queryParameters() {
    Parameters found = new Parameters();
    String query = context.query();
    if (query != null) {
      found.addEncoded(query, "query string");
    }
    return found;
  }

  /** The body, with every {@code Content-Encoding} undone. */
  public Body body() {
    return body("identity");
  }

  /**
   * As {@link #body()}, for protocols whose bodies are encoded whether or not a header says so.
   *
   * @param assumedEncoding what a missing {@code Content-Encoding} means
   */
  public Body body(String assumedEncoding) {
    Body decoded = read(config.maxBodySize(), "web.max_body_size");
    List<String> encodings = http.headers().getAll(HttpHeaderNames.CONTENT_ENCODING);
    if (encodings.isEmpty()) {
      encodings = List.of(assumedEncoding);
    }
    Decompression decompression = new Decompression(config.maxDecompressedSize(), memory);
    for (int i = encodings.size() - 1; i >= 0; i--) {
      String[] codings = encodings.get(i).split(",");
      for (int j = codings.length - 1; j >= 0; j--) {
        decoded = decompression.decode(decoded, codings[j]);
        body = decoded;
      }
    }
    return decoded;
  }

  /** A piece of the body that was compressed by itself; it must be closed. */
  public Body decompressed(byte[] bytes, int from, int length, String encoding) {
    byte[] own = memory.take(length);
    System.arraycopy(bytes, from, own, 0, length);
    Body piece = new Body(own, length, memory);
    try {
      return new Decompression(config.maxDecompressedSize(), memory).decode(piece, encoding);
    } catch (HttpError e) {
      piece.close();
      throw e;
    }
  }

  private Body read(ByteSize limit, String limitName) {
    if (body != null) {
      return body;
    }
    if (http.headers().contentLength() > limit.bytes()) {
      throw BodyCollector.tooLarge(limit, limitName);
    }
    BodyCollector collector = new BodyCollector(limit, limitName, memory);
    http.subscribe(collector, context.eventLoop(), SubscriptionOption.WITH_POOLED_OBJECTS);
    try {
      Body read = collector.done().get(config.bodyTimeout().toMillis(), TimeUnit.MILLISECONDS);
      body = read;
      return read;
    } catch (TimeoutException e) {
      HttpError late =
          new HttpError(
                  408,
                  "timeout",
                  "the body did not arrive within "
                      + config.bodyTimeout().toSeconds()
                      + "s (web.body_timeout)")
              .header("Connection", "close");
      collector.onError(late);
      throw late;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof HttpError error ? error : ClientGone.closed(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      HttpError stopping =
          HttpError.unavailable("the server is shutting down", config.drainTimeout());
      collector.onError(stopping);
      throw stopping;
    }
  }

  /**
   * Calls {@code action} with the reason, on any thread, when the client is gone or the request's
   * time is over before it was answered; at once when that has happened already.
   */
  public void onCancel(CancelAction action) {
    var unused =
        context
            .whenRequestCancelling()
            .thenAccept(cause -> {
              if (cause instanceof com.linecorp.armeria.common.TimeoutException) {
                action.cancel(
                    "the request took longer than "
                        + config.requestTimeout().toSeconds()
                        + "s (web.request_timeout)");
              } else {
                action.cancel("the client closed the connection");
              }
            });
  }

  /** What is to be stopped when nobody waits for the answer any more. */
  @FunctionalInterface
  public interface CancelAction {
    void cancel(String reason);
  }

  /** Calls {@code action} when the answer was sent or could not be, last registered first. */
  public void onClose(Runnable action) {
    closeActions.addFirst(action);
  }

  /** What is to be called when the answer was sent, by whoever sends it: no longer by closing. */
  Runnable answeredElsewhere() {
    List<Runnable> actions = List.copyOf(closeActions);
    closeActions.clear();
    return () -> actions.forEach(Runnable::run);
  }

  /** Gives the body's memory back. */
  @Override
  public void close() {
    closeActions.forEach(Runnable::run);
    Body held = body;
    if (held != null) {
      held.close();
    }
  }
}
