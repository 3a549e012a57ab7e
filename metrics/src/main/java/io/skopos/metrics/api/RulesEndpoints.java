// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;

/**
 * {@code rules}, {@code alerts} and {@code alertmanagers} of a server that has none: dashboards and
 * tools ask for them and must see an empty list, not an error.
 */
final class RulesEndpoints {

  void register(Routes.Family family) {
    family.get("/api/v1/rules", RulesEndpoints::rules);
    family.get("/api/v1/alerts", _ -> Answer.of(json -> json.raw("{\"alerts\":[]}")));
    family.get(
        "/api/v1/alertmanagers",
        _ ->
            Answer.of(
                json -> json.raw("{\"activeAlertmanagers\":[],\"droppedAlertmanagers\":[]}")));
  }

  private static Response rules(Request request) {
    String type = request.parameters().getOrEmpty("type");
    if (!type.isEmpty() && !type.equals("alert") && !type.equals("record")) {
      throw QueryParameters.invalid("type", "not supported value \"" + type + "\"");
    }
    return Answer.of(json -> json.raw("{\"groups\":[]}"));
  }
}
