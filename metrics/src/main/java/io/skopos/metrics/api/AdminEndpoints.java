// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TimeRange;
import io.skopos.storage.Deletion;
import io.skopos.storage.Intake;
import io.skopos.web.HttpError;
import io.skopos.web.Method;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.util.List;

/** {@code /api/v1/admin/tsdb/delete_series}. */
final class AdminEndpoints {

  private static final String DELETE = "/api/v1/admin/tsdb/delete_series";

  private final Intake intake;
  private final boolean enabled;
  private final Selectors selectors = new Selectors();

  AdminEndpoints(Intake intake, boolean enabled) {
    this.intake = intake;
    this.enabled = enabled;
  }

  void register(Routes.Family family) {
    family.add(Method.POST, DELETE, this::deleteSeries);
    family.add(Method.PUT, DELETE, this::deleteSeries);
  }

  private Response deleteSeries(Request request) {
    if (!enabled) {
      throw new HttpError(
          503, "unavailable", "admin APIs disabled; query.admin_api: true enables them");
    }
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
