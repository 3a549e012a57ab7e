// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TimeRange;
import io.skopos.serving.append.Appends;
import io.skopos.storage.Deletion;
import io.skopos.storage.Intake;
import io.skopos.web.HttpError;
import io.skopos.web.Method;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

/** {@code /api/v1/admin/tsdb/*}. */
final class AdminEndpoints {

  private static final String DELETE = "/api/v1/admin/tsdb/delete_series";
  private static final String CLEAN = "/api/v1/admin/tsdb/clean_tombstones";
  private static final String SNAPSHOT = "/api/v1/admin/tsdb/snapshot";

  private final Intake intake;
  private final boolean enabled;
  private final ServerView server;

  /** One snapshot or cleaning at a time: both are heavy on the disk. */
  private final Semaphore heavy = new Semaphore(1);

  private final Selectors selectors = new Selectors();

  AdminEndpoints(Intake intake, boolean enabled, ServerView server) {
    this.intake = intake;
    this.enabled = enabled;
    this.server = server;
  }

  void register(Routes.Family family) {
    family.add(Method.POST, DELETE, this::deleteSeries);
    family.add(Method.PUT, DELETE, this::deleteSeries);
    family.add(Method.POST, CLEAN, this::cleanTombstones);
    family.add(Method.PUT, CLEAN, this::cleanTombstones);
    Routes.Family whole = family.forWholeServer();
    whole.add(Method.POST, SNAPSHOT, this::snapshot);
    whole.add(Method.PUT, SNAPSHOT, this::snapshot);
  }

  private void checkEnabled() {
    if (!enabled) {
      throw new HttpError(
          503, "unavailable", "admin APIs disabled; query.admin_api: true enables them");
    }
  }

  private Response cleanTombstones(Request request) {
    checkEnabled();
    int unused = alone(() -> server.cleanDeletions(request.tenant()));
    return Response.empty(204);
  }

  private Response snapshot(Request request) {
    checkEnabled();
    boolean skipHead = QueryParameters.flag(request.parameters(), "skip_head");
    String name = alone(() -> server.snapshot(skipHead));
    return Answer.of(json -> json.raw("{\"name\":").string(name).raw('}'));
  }

  private <T> T alone(Callable<T> work) {
    if (!heavy.tryAcquire()) {
      throw HttpError.unavailable(
          "a snapshot or a cleaning is under way; one at a time", Duration.ofSeconds(30));
    }
    try {
      return work.call();
    } catch (IOException e) {
      throw new HttpError(503, "unavailable", String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      heavy.release();
    }
  }

  private Response deleteSeries(Request request) {
    checkEnabled();
    Parameters parameters = request.parameters();
    List<List<Matcher>> wanted = selectors.required(parameters);
    TimeRange range = Selectors.range(parameters);
    if (range != null) {
      for (List<Matcher> matchers : wanted) {
        Appends.await(
            intake.delete(request.tenant(), Signal.METRICS, new Deletion(matchers, range)));
      }
    }
    return Response.empty(204);
  }
}
