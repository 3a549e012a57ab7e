// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.store.CardinalityReport;
import io.skopos.metrics.store.CardinalityReport.Group;
import io.skopos.metrics.store.CardinalityRequest;
import io.skopos.metrics.store.CardinalityRequest.By;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.serving.answer.JsonText;
import io.skopos.serving.query.QueryRunner;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code /api/v1/status/cardinality}, and Mimir's {@code /api/v1/cardinality/*} in Mimir's shapes.
 */
final class CardinalityEndpoints {

  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 10_000;

  /** As far back as one request may look: opening a day's parts costs something. */
  private static final int MAX_DAYS = 400;

  private final SampleSource source;
  private final QueryRunner runner;
  private final InstantSource clock;
  private final Selectors selectors = new Selectors();

  CardinalityEndpoints(SampleSource source, QueryRunner runner, InstantSource clock) {
    this.source = source;
    this.runner = runner;
    this.clock = clock;
  }

  void register(Routes.Family family) {
    family.get("/api/v1/status/cardinality", this::cardinality);
    family.getOrPost("/api/v1/cardinality/label_names", this::labelNames);
    family.getOrPost("/api/v1/cardinality/label_values", this::labelValues);
    family.getOrPost("/api/v1/cardinality/active_series", this::activeSeries);
  }

  private Response cardinality(Request request) {
    Parameters parameters = request.parameters();
    String label = parameters.getOrEmpty("label");
    By by = by(parameters, label);
    if (by == By.TENANT) {
      request.require(Right.ADMIN);
    }
    CardinalityReport report =
        ask(
            request,
            new CardinalityRequest(
                by,
                label,
                selectors.optional(parameters),
                range(parameters),
                limit(parameters, DEFAULT_LIMIT)));
    return Answer.of(
        json -> {
          json.raw("{\"by\":").string(by.name().toLowerCase(Locale.ROOT));
          String day = report.day();
          if (day != null) {
            json.raw(",\"day\":").string(day);
          }
          json.raw(",\"estimated\":[\"diskBytes\",\"memoryBytes\",\"samplesPerSecond\"]");
          json.raw(",\"total\":{");
          figures(json, report.total(), By.METRIC);
          json.raw("},\"groupCount\":").integer(report.groupCount());
          json.raw(",\"groups\":[");
          for (int i = 0; i < report.groups().size(); i++) {
            Group group = report.groups().get(i);
            json.raw(i == 0 ? "{" : ",{");
            if (by == By.TARGET) {
              json.raw("\"job\":").string(group.name());
              json.raw(",\"instance\":").string(group.instance()).raw(',');
            } else {
              json.raw("\"name\":").string(group.name()).raw(',');
            }
            figures(json, group, by);
            json.raw('}');
          }
          json.raw("]}");
        },
        report.warnings(),
        List.of());
  }

  private static void figures(JsonText json, Group group, By by) throws IOException {
    json.raw("\"series\":").integer(group.series());
    json.raw(",\"seriesDayBefore\":").integer(group.seriesDayBefore());
    if (by == By.LABEL) {
      json.raw(",\"values\":").integer(group.values());
    }
    json.raw(",\"diskBytes\":").integer(group.diskBytes());
    json.raw(",\"memoryBytes\":").integer(group.memoryBytes());
    json.raw(",\"samplesPerSecond\":")
        .raw(String.format(Locale.ROOT, "%.3f", group.samplesPerSecond()));
  }

  private static By by(Parameters parameters, String label) {
    By by =
        switch (parameters.getOrEmpty("by")) {
          case "metric" -> By.METRIC;
          case "label" -> By.LABEL;
          case "value" -> By.VALUE;
          case "target" -> By.TARGET;
          case "tenant" -> By.TENANT;
          case "" -> label.isEmpty() ? By.METRIC : By.VALUE;
          default ->
              throw QueryParameters.invalid(
                  "by", "it is none of metric, label, value, target and tenant");
        };
    if (by == By.VALUE && label.isEmpty()) {
      throw QueryParameters.invalid("label", "by=value needs the label whose values to count");
    }
    return by;
  }

  private TimeRange range(Parameters parameters) {
    long now = clock.millis();
    long to = QueryParameters.time(parameters, "end", now);
    // A day more, for the comparison with the day before.
    long from = QueryParameters.time(parameters, "start", to - UtcDay.MILLIS);
    if (to < from) {
      throw QueryParameters.invalid("end", "end timestamp must not be before start time");
    }
    if (to - from > MAX_DAYS * UtcDay.MILLIS) {
      throw QueryParameters.invalid(
          "start", "it is more than " + MAX_DAYS + " days before the end, which is the limit");
    }
    return new TimeRange(from, to);
  }

  private static int limit(Parameters parameters, int missing) {
    if (parameters.getOrEmpty("limit").isEmpty()) {
      return missing;
    }
    int limit = QueryParameters.limit(parameters);
    if (limit > MAX_LIMIT) {
      throw QueryParameters.invalid("limit", "it must not exceed " + MAX_LIMIT);
    }
    return limit == 0 ? MAX_LIMIT : limit;
  }

  private CardinalityReport ask(Request request, CardinalityRequest question) {
    return runner.run(
        request,
        Selectors.description("cardinality", request.parameters(), question.range()),
        asked ->
            question.by() == By.TENANT
                ? source.cardinalityByTenant(request.caller().tenants(), question, asked.budget())
                : source.cardinality(request.tenant(), question, asked.budget()));
  }

  // ---- as Mimir

  /** Mimir's parameter is {@code selector}, one at most. */
  private List<List<Matcher>> selector(Parameters parameters) {
    String text = parameters.getOrEmpty("selector");
    return text.isEmpty() ? List.of() : List.of(selectors.one("selector", text));
  }

  private static void checkMethod(Parameters parameters) {
    switch (parameters.getOrEmpty("count_method")) {
      case "", "inmemory", "active" -> {
        // The series of today are both here.
      }
      default -> throw QueryParameters.invalid("count_method", "it is neither inmemory nor active");
    }
  }

  private Response labelNames(Request request) {
    Parameters parameters = request.parameters();
    checkMethod(parameters);
    CardinalityReport report =
        ask(
            request,
            new CardinalityRequest(By.LABEL, "", selector(parameters), range(parameters), 0));
    int limit = Math.min(limit(parameters, DEFAULT_LIMIT), report.groups().size());
    List<Group> sorted = new ArrayList<>(report.groups());
    sorted.sort(
        java.util.Comparator.comparingLong(Group::values).reversed().thenComparing(Group::name));
    return json(json -> {
      json.raw("{\"label_values_count_total\":");
      json.integer(sorted.stream().mapToLong(Group::values).sum());
      json.raw(",\"label_names_count\":").integer(sorted.size());
      json.raw(",\"cardinality\":[");
      for (int i = 0; i < limit; i++) {
        json.raw(i == 0 ? "{" : ",{").raw("\"label_name\":").string(sorted.get(i).name());
        json.raw(",\"label_values_count\":").integer(sorted.get(i).values()).raw('}');
      }
      json.raw("]}");
    });
  }

  private Response labelValues(Request request) {
    Parameters parameters = request.parameters();
    checkMethod(parameters);
    List<String> names = parameters.all("label_names[]");
    if (names.isEmpty()) {
      throw HttpError.badData("'label_names[]' param is required");
    }
    List<CardinalityReport> reports = new ArrayList<>();
    int limit = limit(parameters, DEFAULT_LIMIT);
    for (String name : names) {
      reports.add(
          ask(
              request,
              new CardinalityRequest(By.VALUE, name, selector(parameters), range(parameters), 0)));
    }
    return json(json -> {
      json.raw("{\"series_count_total\":").integer(reports.getFirst().total().series());
      json.raw(",\"labels\":[");
      for (int i = 0; i < reports.size(); i++) {
        List<Group> groups = reports.get(i).groups();
        json.raw(i == 0 ? "{" : ",{").raw("\"label_name\":").string(names.get(i));
        json.raw(",\"label_values_count\":").integer(groups.size());
        json.raw(",\"series_count\":").integer(groups.stream().mapToLong(Group::series).sum());
        json.raw(",\"cardinality\":[");
        for (int j = 0; j < Math.min(limit, groups.size()); j++) {
          json.raw(j == 0 ? "{" : ",{").raw("\"label_value\":").string(groups.get(j).name());
          json.raw(",\"series_count\":").integer(groups.get(j).series()).raw('}');
        }
        json.raw("]}");
      }
      json.raw("]}");
    });
  }

  /** Label sets of the last 20 minutes, as long as a series is active in Mimir. */
  private Response activeSeries(Request request) {
    Parameters parameters = request.parameters();
    List<List<Matcher>> wanted = selector(parameters);
    if (wanted.isEmpty()) {
      throw HttpError.badData("'selector' param is required");
    }
    long now = clock.millis();
    TimeRange range = new TimeRange(now - 20 * 60_000L, now);
    List<Labels> series =
        runner.run(
            request,
            Selectors.description("active series", parameters, range),
            asked -> source.series(request.tenant(), wanted, range, 0, asked.budget()));
    return json(json -> {
      json.raw("{\"data\":[");
      for (int i = 0; i < series.size(); i++) {
        json.raw(i == 0 ? "" : ",").labels(series.get(i));
      }
      json.raw("]}");
    });
  }

  private static Response json(Answer.Data data) {
    return Response.stream(
        200,
        "application/json",
        out -> {
          JsonText json = new JsonText(out);
          data.write(json);
          json.flush();
        });
  }
}
