// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The endpoints of a server, collected before it starts. A path may hold parameters ({@code
 * /api/v1/label/{name}/values}); a last segment {@code {*rest}} takes the rest of the path.
 */
public final class Routes {

  private final Map<String, Map<Method, Endpoint>> byPath = new LinkedHashMap<>();

  /**
   * @param afterReady refused with 503 until the server is ready
   * @param guarded needs credentials when access control is on
   */
  record Endpoint(Handler handler, ErrorShape errors, boolean afterReady, boolean guarded) {}

  /** Endpoints that report errors alike. */
  public Family family(ErrorShape errors) {
    return new Family(errors, true, true);
  }

  /** As {@link #family}, but served while the server is still starting, too. */
  public Family familyBeforeReady(ErrorShape errors) {
    return new Family(errors, false, true);
  }

  Family healthFamily() {
    return new Family(ErrorShape.PLAIN_TEXT, false, false);
  }

  Map<String, Map<Method, Endpoint>> byPath() {
    return byPath;
  }

  /** Registers endpoints that share their error shape. */
  public final class Family {

    private final ErrorShape errors;
    private final boolean afterReady;
    private final boolean guarded;

    private Family(ErrorShape errors, boolean afterReady, boolean guarded) {
      this.errors = errors;
      this.afterReady = afterReady;
      this.guarded = guarded;
    }

    public Family get(String path, Handler handler) {
      return add(Method.GET, path, handler);
    }

    public Family post(String path, Handler handler) {
      return add(Method.POST, path, handler);
    }

    /** For query endpoints that take long parameters as a form. */
    public Family getOrPost(String path, Handler handler) {
      return get(path, handler).post(path, handler);
    }

    public Family add(Method method, String path, Handler handler) {
      Endpoint before =
          byPath
              .computeIfAbsent(path, _ -> new EnumMap<>(Method.class))
              .put(method, new Endpoint(handler, errors, afterReady, guarded));
      if (before != null) {
        throw new IllegalArgumentException(method + " " + path + " is registered twice");
      }
      return this;
    }
  }
}
