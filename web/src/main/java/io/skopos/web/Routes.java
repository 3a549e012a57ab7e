// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import io.skopos.web.access.Right;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a server, collected before it starts. A path may hold parameters ({@code
 * /api/v1/label/{name}/values}); a last segment {@code {*rest}} takes the rest of the path.
 */
public final class Routes {

  private final Map<String, Map<Method, Endpoint>> byPath = new LinkedHashMap<>();
  private final List<SocketEndpoint> sockets = new ArrayList<>();

  /**
   * @param afterReady refused with 503 until the server is ready
   * @param right null for what anyone may do, unknown callers too
   * @param scope whose data a call is about
   * @param audited whether calls are reported
   * @param workers where calls without a body are handled; null for threads that may wait
   */
  record Endpoint(
      Handler handler,
      ErrorShape errors,
      boolean afterReady,
      @Nullable Right right,
      Scope scope,
      boolean audited,
      @Nullable CpuWorkers workers) {}

  /** Where clients ask for a WebSocket, about one tenant's data. */
  record SocketEndpoint(String path, SocketHandler handler, @Nullable Right right) {}

  /** Whose data a call is about. */
  enum Scope {
    /** One tenant's, which the caller must have. */
    TENANT,
    /** No tenant's, or what the caller's tenants decide. */
    CALLER,
    /** Everybody's, so that the caller must have all tenants. */
    SERVER
  }

  /**
   * Endpoints that report errors alike.
   *
   * @param right what a caller needs; those that need {@link Right#ADMIN} or {@link Right#ACT} are
   *     audited
   */
  public Family family(ErrorShape errors, Right right) {
    return new Family(errors, true, right, Scope.TENANT, false, null);
  }

  /** As {@link #family}, but served while the server is still starting, too. */
  public Family familyBeforeReady(ErrorShape errors, Right right) {
    return new Family(errors, false, right, Scope.TENANT, false, null);
  }

  /**
   * Endpoints without anybody's data, served to anyone, also while the server is still starting:
   * health, signing in, the files of the web UI.
   */
  public Family openFamily(ErrorShape errors) {
    return new Family(errors, false, null, Scope.CALLER, false, null);
  }

  List<SocketEndpoint> sockets() {
    return sockets;
  }

  Map<String, Map<Method, Endpoint>> byPath() {
    return byPath;
  }

  /** Registers endpoints that share their error shape and the right they need. Immutable. */
  public final class Family {

    private final ErrorShape errors;
    private final boolean afterReady;
    private final @Nullable Right right;
    private final Scope scope;
    private final boolean audited;
    private final @Nullable CpuWorkers workers;

    private Family(
        ErrorShape errors,
        boolean afterReady,
        @Nullable Right right,
        Scope scope,
        boolean audited,
        @Nullable CpuWorkers workers) {
      this.workers = workers;
      this.errors = errors;
      this.afterReady = afterReady;
      this.right = right;
      this.scope = scope;
      this.audited = audited || right == Right.ADMIN || right == Right.ACT;
    }

    /** The same for endpoints that need another right. */
    public Family needing(Right other) {
      return new Family(errors, afterReady, other, scope, false, workers);
    }

    /** The same for endpoints that concern all tenants, so that callers must have all of them. */
    public Family forWholeServer() {
      return new Family(errors, afterReady, right, Scope.SERVER, audited, workers);
    }

    /** The same for endpoints that are about no tenant's data; callers need not name one. */
    public Family withoutTenant() {
      return new Family(errors, afterReady, right, Scope.CALLER, audited, workers);
    }

    /** The same for endpoints whose calls are audited whatever right they need. */
    public Family audited() {
      return new Family(errors, afterReady, right, scope, true, workers);
    }

    /**
     * The same for endpoints that compute. While one of these threads is free, a request without a
     * body is handled on it from beginning to end, a short answer included, which spares a small
     * question most of its cost: the way from thread to thread.
     */
    public Family computingOn(CpuWorkers cpuWorkers) {
      return new Family(errors, afterReady, right, scope, audited, cpuWorkers);
    }

    /** For clients that stay: the path is not to be used otherwise. */
    public Family socket(String path, SocketHandler handler) {
      sockets.add(new SocketEndpoint(path, handler, right));
      return this;
    }

    public Family get(String path, Handler handler) {
      return add(Method.GET, path, handler);
    }

    public Family post(String path, Handler handler) {
      return add(Method.POST, path, handler);
    }

    public Family delete(String path, Handler handler) {
      return add(Method.DELETE, path, handler);
    }

    /** For query endpoints that take long parameters as a form. */
    public Family getOrPost(String path, Handler handler) {
      return get(path, handler).post(path, handler);
    }

    public Family add(Method method, String path, Handler handler) {
      Endpoint before =
          byPath
              .computeIfAbsent(path, _ -> new EnumMap<>(Method.class))
              .put(
                  method,
                  new Endpoint(handler, errors, afterReady, right, scope, audited, workers));
      if (before != null) {
        throw new IllegalArgumentException(method + " " + path + " is registered twice");
      }
      return this;
    }
  }
}
