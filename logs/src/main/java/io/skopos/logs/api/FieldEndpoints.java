// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.logs.language.Direction;
import io.skopos.logs.language.EntriesRequest;
import io.skopos.logs.language.LogStream;
import io.skopos.logs.language.LogqlEngine;
import io.skopos.logs.language.LogqlQuery;
import io.skopos.serving.answer.JsonText;
import io.skopos.serving.query.QueryRunner;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which fields entries have, by looking at some of them: {@code detected_fields} and the values of
 * one. What the query parsed itself is taken as it is, other lines are read as JSON or logfmt.
 */
final class FieldEndpoints {

  private static final int LINES = 100;
  private static final int MAX_LINES = 5000;
  private static final int FIELDS = 1000;

  private final LogqlEngine engine;
  private final QueryRunner runner;
  private final InstantSource clock;

  FieldEndpoints(LogqlEngine engine, QueryRunner runner, InstantSource clock) {
    this.engine = engine;
    this.runner = runner;
    this.clock = clock;
  }

  void register(Routes.Family family) {
    family.getOrPost("/loki/api/v1/detected_fields", this::fields);
    family.getOrPost("/loki/api/v1/detected_field/{name}/values", this::values);
  }

  private Map<String, DetectedFields.Field> detect(Request request) {
    Parameters parameters = request.parameters();
    String text = LokiParameters.required(parameters, "query");
    LokiParameters.Bounds bounds = LokiParameters.bounds(parameters, clock);
    int lines = Math.min(MAX_LINES, LokiParameters.limit(parameters, "line_limit", LINES));
    return runner.run(
        request,
        bounds.description("detected fields", text, 0),
        asked -> {
          DetectedFields detected = new DetectedFields();
          for (LogStream stream :
              engine
                  .entries(
                      request.tenant(),
                      LogqlQuery.parse(text),
                      new EntriesRequest(
                          bounds.startNs(), bounds.endNs(), lines, Direction.BACKWARD, 0),
                      asked.budget())
                  .streams()) {
            stream.entries().forEach(detected::add);
          }
          return detected.byName();
        });
  }

  private Response fields(Request request) {
    Parameters parameters = request.parameters();
    // Called field_limit before it was called limit.
    int limit =
        LokiParameters.limit(
            parameters, "limit", LokiParameters.limit(parameters, "field_limit", FIELDS));
    List<DetectedFields.Field> fields = new ArrayList<>(detect(request).values());
    return QueryEndpoints.stream(json -> {
      json.raw("{\"fields\":[");
      for (int i = 0; i < Math.min(limit, fields.size()); i++) {
        json.raw(i == 0 ? "{" : ",{");
        write(json, fields.get(i));
      }
      json.raw("],\"limit\":").integer(limit).raw('}');
    });
  }

  private static void write(JsonText json, DetectedFields.Field field) throws IOException {
    json.raw("\"label\":").string(field.name());
    json.raw(",\"type\":\"").raw(field.type().word()).raw('"');
    json.raw(",\"cardinality\":").integer(field.values().size());
    json.raw(",\"parsers\":");
    if (field.parsers().isEmpty()) {
      json.raw("null");
    } else {
      json.strings(List.copyOf(field.parsers()));
    }
    if (!field.path().isEmpty()) {
      json.raw(",\"jsonPath\":").strings(field.path());
    }
    json.raw('}');
  }

  private Response values(Request request) {
    int limit = LokiParameters.limit(request.parameters(), "limit", FIELDS);
    DetectedFields.Field field = detect(request).get(request.pathParameter("name"));
    List<String> values = field == null ? List.of() : field.values().stream().limit(limit).toList();
    return QueryEndpoints.stream(json ->
        json.raw("{\"values\":").strings(values).raw(",\"limit\":").integer(limit).raw('}'));
  }
}
