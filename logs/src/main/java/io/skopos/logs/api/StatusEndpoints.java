// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.logs.LogsByTenant;
import io.skopos.logs.LogsConfig;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;

/**
 * What clients ask to know whom they talk to. There are no rules over log entries yet: the lists
 * are empty, as Loki's are without rules.
 */
final class StatusEndpoints {

  /** The version of Loki whose interface this is; clients choose what they ask by it. */
  private static final String LOKI = "3.5.0";

  private final LogsByTenant configs;

  StatusEndpoints(LogsByTenant configs) {
    this.configs = configs;
  }

  void register(Routes.Family family) {
    family.get("/loki/api/v1/status/buildinfo", _ -> buildInfo());
    family.get("/loki/api/v1/drilldown-limits", this::limits);
    family.get("/loki/api/v1/rules", _ -> noRules());
    family.get("/api/prom/rules", _ -> noRules());
    family.get("/prometheus/api/v1/rules", _ -> data("{\"groups\":[]}"));
    family.get("/prometheus/api/v1/alerts", _ -> data("{\"alerts\":[]}"));
  }

  private static Response noRules() {
    throw new HttpError(404, "not_found", "no rule groups found");
  }

  private static Response data(String json) {
    return QueryEndpoints.stream(
        out -> out.raw("{\"status\":\"success\",\"data\":").raw(json).raw('}'));
  }

  private static Response buildInfo() {
    return QueryEndpoints.stream(json ->
        json.raw("{\"version\":\"" + LOKI + "\",\"revision\":\"skopos\",\"branch\":\"HEAD\",")
            .raw("\"buildUser\":\"skopos\",\"buildDate\":\"\",\"goVersion\":\"\"}"));
  }

  private Response limits(Request request) {
    LogsConfig config = configs.of(request.tenant());
    return QueryEndpoints.stream(json -> {
      json.raw("{\"limits\":{\"discover_log_levels\":")
          .raw(Boolean.toString(config.discoverLevel()));
      json.raw(",\"discover_service_name\":").strings(config.discoverServiceName());
      json.raw(",\"log_level_fields\":").strings(config.levelFields());
      json.raw(",\"max_entries_limit_per_query\":").integer(config.maxEntries());
      json.raw(",\"max_line_size_truncate\":").raw(Boolean.toString(config.truncateLines()));
      json.raw(",\"max_query_bytes_read\":\"0B\",\"max_query_length\":\"0s\"");
      json.raw(",\"max_query_lookback\":\"0s\",\"max_query_range\":\"0s\",\"max_query_series\":0");
      json.raw(",\"metric_aggregation_enabled\":false,\"pattern_persistence_enabled\":false");
      json.raw(",\"query_timeout\":\"2m\",\"retention_period\":\"0s\",\"retention_stream\":[]");
      json.raw(",\"volume_enabled\":true,\"volume_max_series\":1000}");
      json.raw(",\"pattern_ingester_enabled\":true,\"version\":\"" + LOKI + "\"}");
    });
  }
}
