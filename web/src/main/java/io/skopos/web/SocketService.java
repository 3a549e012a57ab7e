// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.websocket.WebSocket;
import com.linecorp.armeria.common.websocket.WebSocketFrame;
import com.linecorp.armeria.common.websocket.WebSocketFrameType;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import com.linecorp.armeria.server.websocket.WebSocketService;
import io.netty.util.AttributeKey;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes requests for a WebSocket through readiness, access and tenant before they are upgraded. */
final class SocketService extends SimpleDecoratingHttpService {

  private static final Logger LOG = LoggerFactory.getLogger(SocketService.class);

  private static final AttributeKey<Socket> SOCKET =
      AttributeKey.valueOf(SocketService.class, "SOCKET");

  private final Routes.SocketEndpoint endpoint;
  private final Dispatcher.Shared shared;
  private final Set<Socket> open;

  /**
   * @param open takes the sockets that are open, to be closed with the server
   */
  SocketService(Routes.SocketEndpoint endpoint, Dispatcher.Shared shared, Set<Socket> open) {
    super(
        WebSocketService.builder(SocketService::connect)
            // Other sites were refused before.
            .allowedOrigin(_ -> true)
            .fallbackService((_, _) ->
                HttpResponse.of(
                    HttpStatus.BAD_REQUEST,
                    MediaType.PLAIN_TEXT_UTF_8,
                    "this path takes WebSocket connections\n"))
            .build());
    this.endpoint = endpoint;
    this.shared = shared;
    this.open = open;
  }

  static Set<Socket> openSockets() {
    return ConcurrentHashMap.newKeySet();
  }

  private static WebSocket connect(ServiceRequestContext context, WebSocket in) {
    Socket socket = context.attr(SOCKET);
    if (socket == null) {
      throw new IllegalStateException("no socket was opened for this request");
    }
    in.subscribe(new Inbound(socket));
    return socket.writer();
  }

  /**
   * What a client sends is passed over, but for its farewell. It is never cancelled: that would
   * break off our own farewell on its way out, and another one would be sent in its place.
   */
  private record Inbound(Socket socket) implements Subscriber<WebSocketFrame> {

    @Override
    public void onSubscribe(Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(WebSocketFrame frame) {
      try (frame) {
        if (frame.type() == WebSocketFrameType.CLOSE) {
          socket.close("");
        }
      }
    }

    @Override
    public void onError(Throwable cause) {
      socket.close("");
    }

    @Override
    public void onComplete() {
      socket.close("");
    }
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest http) {
    shared.metrics().begin(context, endpoint.path());
    context.clearRequestTimeout();
    CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    if (!shared.pool().tryExecute(() -> answer(context, http, answer))) {
      answer.complete(text(503, "too many requests are being handled; try again later"));
    }
    return HttpResponse.of(answer);
  }

  private void answer(
      ServiceRequestContext context, HttpRequest http, CompletableFuture<HttpResponse> answer) {
    Socket socket = new Socket(shared.config().stallTimeout());
    try {
      shared.crossSite().check(http.headers(), Dispatcher.onLoopback(context));
      Dispatcher.Admitted admitted =
          Dispatcher.admit(
              context, http, shared, true, endpoint.right(), Routes.Scope.TENANT, _ -> {});
      try (Request request =
          new Request(
              context,
              http,
              admitted.tenant(),
              admitted.caller(),
              shared.config(),
              shared.memory())) {
        endpoint.handler().open(request, socket);
      }
      context.setAttr(SOCKET, socket);
      open.add(socket);
      socket.onClose(() -> open.remove(socket));
      var unused = context.log().whenComplete().thenRun(() -> socket.close(""));
      answer.complete(unwrap().serve(context, withOrigin(http)));
    } catch (HttpError e) {
      socket.close("");
      answer.complete(text(e.status(), e.getMessage()));
    } catch (Exception e) {
      socket.close("");
      String id = Long.toHexString(ThreadLocalRandom.current().nextLong() >>> 32);
      LOG.error("Request to {} failed (incident {})", endpoint.path(), id, e);
      answer.complete(
          text(500, "internal error; the server's log has the cause under incident " + id));
    }
  }

  /** Clients that are no browsers name none, which Armeria takes for a bad one. */
  private static HttpRequest withOrigin(HttpRequest http) {
    RequestHeaders headers = http.headers();
    return headers.contains(HttpHeaderNames.ORIGIN)
        ? http
        : http.withHeaders(headers.toBuilder().set(HttpHeaderNames.ORIGIN, "http://none"));
  }

  private static HttpResponse text(int status, String text) {
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.valueOf(status))
            .contentType(MediaType.PLAIN_TEXT_UTF_8)
            .build(),
        HttpData.ofUtf8(text + "\n"));
  }
}
