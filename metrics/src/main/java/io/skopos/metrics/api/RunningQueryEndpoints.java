// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.api.queries.MetricUsage;
import io.skopos.metrics.store.SampleSource;
import io.skopos.metrics.store.SampleSource.NamedCount;
import io.skopos.model.Label;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.serving.answer.JsonText;
import io.skopos.serving.query.EndedQuery;
import io.skopos.serving.query.QueryDescription;
import io.skopos.serving.query.QueryLog;
import io.skopos.serving.query.QueryRunner;
import io.skopos.serving.query.RunningQuery;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/queries}: what runs now and how to stop it, what ended lately; {@code
 * /api/v1/status/metric_usage}: which metrics are asked for, and which never are. A tenant sees and
 * stops its own queries only.
 */
final class RunningQueryEndpoints {

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 10_000;
  private static final double NANOS = 1e9;

  private final QueryRunner runner;
  private final MetricUsage usage;
  private final SampleSource source;
  private final QueryConfig config;
  private final InstantSource clock;

  RunningQueryEndpoints(
      QueryRunner runner,
      MetricUsage usage,
      SampleSource source,
      QueryConfig config,
      InstantSource clock) {
    this.runner = runner;
    this.usage = usage;
    this.source = source;
    this.config = config;
    this.clock = clock;
  }

  void register(Routes.Family family) {
    family.get("/api/v1/queries", this::running);
    family.get("/api/v1/queries/recent", this::recent);
    family.needing(Right.ACT).delete("/api/v1/queries/{id}", this::cancel);
    family.get("/api/v1/status/metric_usage", this::usage);
  }

  private Response running(Request request) {
    List<RunningQuery> queries = runner.running().of(request.tenant());
    return Answer.of(json -> {
      json.raw("{\"queries\":[");
      for (int i = 0; i < queries.size(); i++) {
        json.raw(i == 0 ? "{" : ",{");
        running(json, queries.get(i));
        json.raw('}');
      }
      json.raw("],\"concurrency\":").integer(config.threads());
      json.raw(",\"queueLimit\":").integer(config.queue()).raw('}');
    });
  }

  private static void running(JsonText json, RunningQuery query) throws IOException {
    json.raw("\"id\":").string(query.id());
    json.raw(",\"state\":").string(query.state().name().toLowerCase(Locale.ROOT));
    json.raw(",\"tenant\":").string(query.tenant().value());
    sender(json, query.user(), query.client());
    description(json, query.description());
    json.raw(",\"arrived\":").string(query.arrived().toString());
    json.raw(",\"elapsedSeconds\":").raw(seconds(query.elapsedNanos()));
    json.raw(",\"waitedSeconds\":").raw(seconds(query.waitedNanos()));
    QueryBudget budget = query.budget();
    json.raw(",\"samplesRead\":").integer(budget.samplesRead());
    json.raw(",\"seriesSelected\":").integer(budget.seriesSelected());
    json.raw(",\"peakSamples\":").integer(budget.peakSamplesHeld());
    json.raw(",\"bytes\":").integer(budget.bytesCharged());
  }

  private static void sender(JsonText json, @Nullable String user, String client)
      throws IOException {
    if (user != null) {
      json.raw(",\"user\":").string(user);
    }
    json.raw(",\"client\":").string(client);
  }

  private static void description(JsonText json, QueryDescription description) throws IOException {
    json.raw(",\"kind\":").string(description.kind());
    json.raw(",\"query\":").string(description.text());
    Long start = description.startMs();
    if (start != null) {
      json.raw(",\"start\":").seconds(start);
    }
    Long end = description.endMs();
    if (end != null) {
      json.raw(",\"end\":").seconds(end);
    }
    if (description.stepMs() > 0) {
      json.raw(",\"step\":").seconds(description.stepMs());
    }
  }

  private Response cancel(Request request) {
    String id = request.pathParameter("id");
    if (runner.running().cancel(request.tenant(), id) == null) {
      throw new HttpError(
          404,
          "not_found",
          "no query " + id + " of this tenant waits or runs; it may have ended already");
    }
    return Answer.of(json -> json.raw("{\"id\":").string(id).raw(",\"state\":\"cancelling\"}"));
  }

  private Response recent(Request request) {
    Parameters parameters = request.parameters();
    int limit = limit(parameters);
    Duration least =
        parameters.getOrEmpty("min_duration").isEmpty()
            ? Duration.ZERO
            : QueryParameters.duration(parameters, "min_duration");
    String outcome = parameters.getOrEmpty("outcome");
    boolean slow =
        switch (parameters.getOrEmpty("log")) {
          case "", "recent" -> false;
          case "slow" -> true;
          default -> throw QueryParameters.invalid("log", "it is neither recent nor slow");
        };
    Comparator<EndedQuery> order =
        switch (parameters.getOrEmpty("order")) {
          case "", "time" -> Comparator.comparing(EndedQuery::arrived).reversed();
          case "duration" -> Comparator.comparingLong(EndedQuery::elapsedNanos).reversed();
          case "samples" -> Comparator.comparingLong(EndedQuery::samplesRead).reversed();
          default ->
              throw QueryParameters.invalid("order", "it is none of time, duration and samples");
        };
    QueryLog log = runner.log();
    List<EndedQuery> ended = slow ? log.slow(request.tenant()) : log.recent(request.tenant());
    List<EndedQuery> shown =
        ended.stream()
            .filter(query -> query.elapsedNanos() >= least.toNanos())
            .filter(query -> outcome.isEmpty() || query.outcome().equals(outcome))
            .sorted(order)
            .limit(limit)
            .toList();
    return Answer.of(json -> {
      json.raw("{\"queries\":[");
      for (int i = 0; i < shown.size(); i++) {
        json.raw(i == 0 ? "{" : ",{");
        ended(json, shown.get(i));
        json.raw('}');
      }
      json.raw("],\"slowFromSeconds\":").integer(QueryLog.SLOW_FROM.toSeconds()).raw('}');
    });
  }

  private static void ended(JsonText json, EndedQuery query) throws IOException {
    json.raw("\"id\":").string(query.id());
    json.raw(",\"outcome\":").string(query.outcome());
    if (!query.error().isEmpty()) {
      json.raw(",\"error\":").string(query.error());
    }
    sender(json, query.user(), query.client());
    description(json, query.description());
    json.raw(",\"arrived\":").string(query.arrived().toString());
    json.raw(",\"elapsedSeconds\":").raw(seconds(query.elapsedNanos()));
    json.raw(",\"waitedSeconds\":").raw(seconds(query.waitedNanos()));
    json.raw(",\"samplesRead\":").integer(query.samplesRead());
    json.raw(",\"seriesSelected\":").integer(query.seriesSelected());
    json.raw(",\"peakSamples\":").integer(query.peakSamples());
    json.raw(",\"metrics\":").strings(query.metrics());
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

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.6f", nanos / NANOS);
  }
}
