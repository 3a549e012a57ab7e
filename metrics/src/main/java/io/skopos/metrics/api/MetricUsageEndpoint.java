// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.api.queries.MetricUsage;
import io.skopos.metrics.store.SampleSource;
import io.skopos.metrics.store.SampleSource.NamedCount;
import io.skopos.model.Label;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.serving.answer.JsonText;
import io.skopos.serving.query.QueryDescription;
import io.skopos.serving.query.QueryRunner;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code /api/v1/status/metric_usage}: which metrics are asked for, and which never are. */
final class MetricUsageEndpoint {

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 10_000;

  private final QueryRunner runner;
  private final MetricUsage usage;
  private final SampleSource source;
  private final InstantSource clock;

  MetricUsageEndpoint(
      QueryRunner runner, MetricUsage usage, SampleSource source, InstantSource clock) {
    this.runner = runner;
    this.usage = usage;
    this.source = source;
    this.clock = clock;
  }

  void register(Routes.Family family) {
    family.get("/api/v1/status/metric_usage", this::usage);
  }

  /**
   * With {@code unused=true} the metrics that had samples within a day and were not asked for by
   * name; those with the most series first.
   */
  private Response usage(Request request) {
    Parameters parameters = request.parameters();
    int limit = limit(parameters);
    boolean unused = QueryParameters.flag(parameters, "unused");
    MetricUsage.Report report = usage.report(request.tenant());
    if (unused) {
      List<NamedCount> never = unused(request, report);
      return Answer.of(json -> {
        head(json, report);
        json.raw(",\"unusedMetrics\":").integer(never.size());
        json.raw(",\"metrics\":[");
        for (int i = 0; i < Math.min(limit, never.size()); i++) {
          json.raw(i == 0 ? "{" : ",{");
          json.raw("\"name\":").string(never.get(i).name());
          json.raw(",\"series\":").integer(never.get(i).count()).raw('}');
        }
        json.raw("]}");
      });
    }
    List<MetricUsage.Use> used =
        report.byName().values().stream()
            .sorted(
                Comparator.comparingLong(MetricUsage.Use::queries)
                    .reversed()
                    .thenComparing(MetricUsage.Use::name))
            .limit(limit)
            .toList();
    return Answer.of(json -> {
      head(json, report);
      json.raw(",\"metrics\":[");
      for (int i = 0; i < used.size(); i++) {
        json.raw(i == 0 ? "{" : ",{");
        json.raw("\"name\":").string(used.get(i).name());
        json.raw(",\"queries\":").integer(used.get(i).queries());
        json.raw(",\"lastAsked\":").string(used.get(i).lastAsked().toString()).raw('}');
      }
      json.raw("]}");
    });
  }

  private List<NamedCount> unused(Request request, MetricUsage.Report report) {
    long now = clock.millis();
    TimeRange day = new TimeRange(now - UtcDay.MILLIS, now);
    List<String> names =
        runner.run(
            request,
            new QueryDescription("metric usage", "", day.fromMs(), day.toMs(), 0),
            asked ->
                source.labelValues(
                    request.tenant(), Label.METRIC_NAME, List.of(), day, 0, asked.budget()));
    Map<String, Long> series = new HashMap<>();
    source
        .cardinality(request.tenant(), 0)
        .seriesByMetricName()
        .forEach(metric -> series.put(metric.name(), metric.count()));
    return names.stream()
        .filter(name -> !report.byName().containsKey(name))
        .map(name -> new NamedCount(name, series.getOrDefault(name, 0L)))
        .sorted(
            Comparator.comparingLong(NamedCount::count).reversed().thenComparing(NamedCount::name))
        .toList();
  }

  private static void head(JsonText json, MetricUsage.Report report) throws IOException {
    json.raw("{\"since\":").string(report.since().toString());
    json.raw(",\"askedNames\":").integer(report.byName().size());
    json.raw(",\"beyondBound\":").integer(report.beyondBound());
  }

  private static int limit(Parameters parameters) {
    if (parameters.getOrEmpty("limit").isEmpty()) {
      return DEFAULT_LIMIT;
    }
    int limit = QueryParameters.limit(parameters);
    if (limit > MAX_LIMIT) {
      throw QueryParameters.invalid("limit", "it must not exceed " + MAX_LIMIT);
    }
    return limit == 0 ? MAX_LIMIT : limit;
  }
}
