// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.skopos.model.TenantId;
import io.skopos.web.access.AccessControl;
import io.skopos.web.access.Caller;
import io.skopos.web.access.Presented;
import io.skopos.web.access.Right;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the requests of one path through readiness, access, tenant, handler and answer. */
final class Dispatcher implements HttpService {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final String route;
  private final Map<Method, Routes.Endpoint> endpoints;
  private final Shared shared;

  /** What all paths of a server have in common. */
  record Shared(
      WebConfig config,
      HandlerPool pool,
      Readiness readiness,
      AccessControl access,
      CrossSite crossSite,
      Audit audit,
      BodyMemory memory,
      AccessMetrics metrics) {}

  Dispatcher(String route, Map<Method, Routes.Endpoint> endpoints, Shared shared) {
    this.route = route;
    this.endpoints = endpoints;
    this.shared = shared;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest http) {
    shared.metrics().begin(context, route);
    CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    boolean accepted =
        startedComputing(context, http, answer)
            || shared.pool().tryExecute(() -> answer(context, http, answer, false));
    if (!accepted) {
      ResponseSender sender = new ResponseSender(context, answer, shared.config().stallTimeout());
      sendError(sender, ErrorShape.PLAIN_TEXT, tooManyRequests());
    }
    return HttpResponse.of(answer);
  }

  /** True when a thread that computes was free for it. */
  private boolean startedComputing(
      ServiceRequestContext context, HttpRequest http, CompletableFuture<HttpResponse> answer) {
    // To read a body, or to ask an identity provider, is to wait.
    RequestHeaders headers = http.headers();
    boolean maybeBody =
        headers.method() != HttpMethod.GET
            || headers.contains(HttpHeaderNames.CONTENT_TYPE)
            || headers.contentLength() > 0;
    if (maybeBody || shared.access().asksOthers()) {
      return false;
    }
    Routes.Endpoint endpoint = endpoints.get(Method.GET);
    CpuWorkers workers = endpoint == null ? null : endpoint.workers();
    return workers != null
        && shared.pool().tryExecute(workers, () -> answer(context, http, answer, true));
  }

  /**
   * @param computing whether this thread must not wait for a client that takes its answer slowly
   */
  private void answer(
      ServiceRequestContext context,
      HttpRequest http,
      CompletableFuture<HttpResponse> answer,
      boolean computing) {
    ResponseSender sender = new ResponseSender(context, answer, shared.config().stallTimeout());
    shared.crossSite().answerHeaders(http.headers()).forEach(context::setAdditionalResponseHeader);
    Routes.Endpoint endpoint = endpoints.get(methodOf(http));
    if (endpoint == null) {
      otherMethod(context, http, sender);
      return;
    }
    Outcome outcome = new Outcome();
    try {
      handle(context, http, endpoint, sender, outcome, computing);
    } catch (HttpError e) {
      outcome.failed(e);
      sendError(sender, endpoint.errors(), e);
    } catch (ClientGone e) {
      LOG.debug("{}: {}", route, e.getMessage());
      sender.abort();
    } catch (Throwable e) {
      HttpError error = unexpected(e);
      outcome.failed(error);
      sendError(sender, endpoint.errors(), error);
    } finally {
      if (endpoint.audited()) {
        shared.audit().called(outcome.call(context));
      }
    }
  }

  /** What the audit is told. */
  private static final class Outcome {

    private @Nullable Caller caller;
    private @Nullable TenantId tenant;
    private String detail = "";
    private int status = 499;
    private String error = "the client closed the connection";

    void answered(int answerStatus) {
      status = answerStatus;
      error = "";
    }

    void failed(HttpError problem) {
      status = problem.status();
      error = problem.getMessage();
    }

    Audit.Call call(ServiceRequestContext context) {
      return new Audit.Call(
          caller == null ? null : caller.name(),
          tenant,
          context.method().name(),
          context.path(),
          detail,
          context.clientAddress(),
          status,
          error);
    }
  }

  private void handle(
      ServiceRequestContext context,
      HttpRequest http,
      Routes.Endpoint endpoint,
      ResponseSender sender,
      Outcome outcome,
      boolean computing)
      throws Exception {
    boolean health =
        route.equals("/-/healthy") || route.equals("/-/ready") || route.equals("/ready");
    if (!health) {
      shared.crossSite().check(http.headers(), onLoopback(context));
    }
    Admitted admitted =
        admit(
            context,
            http,
            shared,
            endpoint.afterReady(),
            endpoint.right(),
            endpoint.scope(),
            known -> outcome.caller = known);
    TenantId tenant = admitted.tenant();
    Caller caller = admitted.caller();
    if (endpoint.scope() == Routes.Scope.TENANT && endpoint.right() != null) {
      outcome.tenant = tenant;
    }
    try (Request request =
        new Request(context, http, tenant, caller, shared.config(), shared.memory())) {
      Response response;
      try {
        response = endpoint.handler().handle(request);
      } finally {
        outcome.detail = request.auditDetail();
      }
      outcome.answered(response.status());
      if (computing && response.mostBytes() > ResponseSender.WHOLE_BYTES) {
        sendElsewhere(sender, endpoint, response, request.answeredElsewhere());
      } else {
        sender.send(response);
      }
    }
  }

  /** Who may go on, and whose data the request is about. */
  record Admitted(Caller caller, TenantId tenant) {}

  /**
   * Readiness, access, tenant.
   *
   * @param identified told who asks, as soon as that is known
   * @throws HttpError when the request is not to be handled
   */
  static Admitted admit(
      ServiceRequestContext context,
      HttpRequest http,
      Shared shared,
      boolean afterReady,
      @Nullable Right right,
      Routes.Scope scope,
      Consumer<Caller> identified) {
    String refusal = afterReady ? shared.readiness().refusal() : null;
    if (refusal != null) {
      throw HttpError.unavailable("the server is not ready: " + refusal, Duration.ofSeconds(5));
    }
    if (right == null) {
      return new Admitted(Caller.ANYONE, TenantId.ANONYMOUS);
    }
    Caller caller =
        shared.access().authenticate(new Presented(http.headers(), ClientCertificate.of(context)));
    identified.accept(caller);
    String what = http.method().name() + " " + context.path();
    caller.require(right, what);
    return switch (scope) {
      case SERVER -> {
        caller.requireAllTenants(what);
        yield new Admitted(caller, caller.tenant(http.headers()));
      }
      case CALLER -> new Admitted(caller, TenantId.ANONYMOUS);
      case TENANT -> new Admitted(caller, caller.tenant(http.headers()));
    };
  }

  private void sendElsewhere(
      ResponseSender sender, Routes.Endpoint endpoint, Response response, Runnable afterwards)
      throws IOException {
    boolean accepted =
        shared
            .pool()
            .tryExecute(() -> {
              try {
                sender.send(response);
              } catch (HttpError e) {
                sendError(sender, endpoint.errors(), e);
              } catch (ClientGone e) {
                LOG.debug("{}: {}", route, e.getMessage());
                sender.abort();
              } catch (Throwable e) {
                sendError(sender, endpoint.errors(), unexpected(e));
              } finally {
                afterwards.run();
              }
            });
    if (!accepted) {
      // Overloaded as it is, the server has the answer: better here than not at all.
      try {
        sender.send(response);
      } finally {
        afterwards.run();
      }
    }
  }

  private HttpError tooManyRequests() {
    return HttpError.unavailable(
        shared.config().maxRequestsInFlight()
            + " requests are being handled, which is the limit"
            + " (web.max_requests_in_flight); try again later",
        Duration.ofSeconds(1));
  }

  static boolean onLoopback(ServiceRequestContext context) {
    return context.localAddress() instanceof InetSocketAddress address
        && address.getAddress().isLoopbackAddress();
  }

  private static @Nullable Method methodOf(HttpRequest http) {
    return switch (http.method()) {
      case GET, HEAD -> Method.GET;
      case POST -> Method.POST;
      case PUT -> Method.PUT;
      case DELETE -> Method.DELETE;
      case OPTIONS, PATCH, TRACE, CONNECT, UNKNOWN -> null;
    };
  }

  private void otherMethod(ServiceRequestContext context, HttpRequest http, ResponseSender sender) {
    String allowed =
        endpoints.keySet().stream().map(Method::name).collect(Collectors.joining(", "));
    try {
      shared.crossSite().check(http.headers(), onLoopback(context));
    } catch (HttpError e) {
      sendError(sender, ErrorShape.PLAIN_TEXT, e);
      return;
    }
    Response preflight = shared.crossSite().preflight(http.headers(), allowed);
    if (preflight != null) {
      send(sender, preflight);
      return;
    }
    String problem = "method " + http.method().name() + " is not allowed here; use " + allowed;
    Response response =
        http.method() == HttpMethod.OPTIONS
            ? Response.empty(204)
            : Response.text(405, problem + "\n");
    send(sender, response.header("Allow", allowed));
  }

  /** The client gets a number to name, the log gets the cause. */
  private HttpError unexpected(Throwable cause) {
    String id = Long.toHexString(ThreadLocalRandom.current().nextLong() >>> 32);
    LOG.error("Request to {} failed (incident {})", route, id, cause);
    return new HttpError(
        500, "internal", "internal error; the server's log has the cause under incident " + id);
  }

  private void sendError(ResponseSender sender, ErrorShape shape, HttpError error) {
    if (sender.started()) {
      LOG.warn("Answer of {} broken off: {}", route, error.getMessage());
      sender.abort();
      return;
    }
    send(sender, shape.render(error));
  }

  private void send(ResponseSender sender, Response response) {
    try {
      sender.send(response);
    } catch (IOException e) {
      LOG.debug("{}: the answer could not be sent: {}", route, e.getMessage());
      sender.abort();
    }
  }
}
