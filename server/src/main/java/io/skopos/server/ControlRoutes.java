// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server;

import io.skopos.server.config.ConfigException;
import io.skopos.web.ErrorShape;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** {@code POST /-/reload} and {@code POST /-/flush}. */
final class ControlRoutes {

  private final Reload reload;
  private final Supplier<CompletableFuture<Void>> flush;

  /** Reads the config again. */
  interface Reload {
    void reload() throws ConfigException;
  }

  ControlRoutes(Reload reload, Supplier<CompletableFuture<Void>> flush) {
    this.reload = reload;
    this.flush = flush;
  }

  void register(Routes routes) {
    routes
        .family(ErrorShape.PLAIN_TEXT, Right.ADMIN)
        .forWholeServer()
        .post("/-/reload", this::reload)
        .post("/-/flush", this::flush);
  }

  private Response reload(Request request) {
    try {
      reload.reload();
      return Response.text(200, "reloaded\n");
    } catch (ConfigException e) {
      throw new HttpError(500, "bad_data", "the old config stays in force: " + e.getMessage());
    }
  }

  private Response flush(Request request) throws InterruptedException {
    try {
      flush.get().get();
      return Response.text(200, "flushed\n");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new HttpError(503, "unavailable", "not flushed: " + cause.getMessage());
    }
  }
}
