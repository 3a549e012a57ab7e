// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.engine.QueryValue;
import io.skopos.logs.LogsByTenant;
import io.skopos.logs.language.Direction;
import io.skopos.logs.language.EntriesOutcome;
import io.skopos.logs.language.EntriesRequest;
import io.skopos.logs.language.LogStream;
import io.skopos.logs.language.LogqlEngine;
import io.skopos.logs.language.LogqlQuery;
import io.skopos.logs.language.MetricOutcome;
import io.skopos.logs.language.QueryLimits;
import io.skopos.logs.language.parse.ParseFailed;
import io.skopos.serving.answer.AnswerSize;
import io.skopos.serving.answer.JsonText;
import io.skopos.serving.answer.ValueJson;
import io.skopos.serving.query.QueryDescription;
import io.skopos.serving.query.QueryRunner;
import io.skopos.serving.query.QueryRunner.Asked;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code query}, {@code query_range} and {@code format_query}. */
final class QueryEndpoints {

  private static final Logger LOG = LoggerFactory.getLogger(QueryEndpoints.class);
  private static final long MILLI = 1_000_000;
  private static final long SLOW_NANOS = 1_000_000_000L;
  private static final int MAX_TAGS = 500;

  private final LogqlEngine engine;
  private final QueryRunner runner;
  private final LogsByTenant configs;
  private final InstantSource clock;

  QueryEndpoints(
      LogqlEngine engine, QueryRunner runner, LogsByTenant configs, InstantSource clock) {
    this.engine = engine;
    this.runner = runner;
    this.configs = configs;
    this.clock = clock;
  }

  void register(Routes.Family family) {
    family.getOrPost("/loki/api/v1/query", this::instant);
    family.getOrPost("/loki/api/v1/query_range", this::range);
    family.getOrPost("/api/prom/query", this::legacy);
    family.getOrPost("/loki/api/v1/format_query", this::format);
  }

  private record Entries(EntriesOutcome outcome, long waitedNanos) {}

  private record Numbers(MetricOutcome outcome, long waitedNanos) {}

  private Response instant(Request request) {
    Parameters parameters = request.parameters();
    String text = parameters.getOrEmpty("query");
    long timeNs = LokiParameters.time(parameters, "time", nowNs());
    // Read, though numbers have none: senders learn of a bad one.
    checkLimit(request, LokiParameters.limit(parameters));
    Direction unused = LokiParameters.direction(parameters);
    QueryDescription description = QueryDescription.instant(text, Math.floorDiv(timeNs, MILLI));
    long began = System.nanoTime();
    Numbers numbers =
        runner.run(
            request,
            description,
            asked -> {
              LogqlQuery query = LogqlQuery.parse(text);
              MetricOutcome outcome =
                  engine.instant(
                      request.tenant(), query, timeNs, QueryLimits.UNLIMITED, asked.budget());
              return numbers(asked, outcome);
            });
    tags(request, description, began);
    return respond(numbers);
  }

  private Response range(Request request) {
    Parameters parameters = request.parameters();
    String text = parameters.getOrEmpty("query");
    LokiParameters.Bounds bounds = LokiParameters.bounds(parameters, clock);
    long stepNs = LokiParameters.step(parameters, bounds);
    int limit = LokiParameters.limit(parameters);
    Direction direction = LokiParameters.direction(parameters);
    long intervalNs = LokiParameters.duration(parameters, "interval", 0);
    if (intervalNs < 0) {
      throw HttpError.badData("interval must be >= 0");
    }
    QueryDescription description = bounds.description("range", text, stepNs);
    long began = System.nanoTime();
    Object answer =
        runner.run(
            request,
            description,
            asked -> {
              LogqlQuery query = LogqlQuery.parse(text);
              if (query.isMetric()) {
                return numbers(
                    asked,
                    engine.range(
                        request.tenant(),
                        query,
                        bounds.startNs(),
                        bounds.endNs(),
                        Math.max(1, stepNs / MILLI),
                        QueryLimits.UNLIMITED,
                        asked.budget()));
              }
              checkLimit(request, limit);
              return entries(
                  asked,
                  engine.entries(
                      request.tenant(),
                      query,
                      new EntriesRequest(
                          bounds.startNs(), bounds.endNs(), limit, direction, intervalNs),
                      asked.budget()));
            });
    tags(request, description, began);
    return answer instanceof Entries entries
        ? respond(request, entries, direction)
        : respond((Numbers) answer);
  }

  /** The API before {@code /loki}: entries only, with labels as text. */
  private Response legacy(Request request) {
    Parameters parameters = request.parameters();
    String text = parameters.getOrEmpty("query");
    LokiParameters.Bounds bounds = LokiParameters.bounds(parameters, clock);
    int limit = LokiParameters.limit(parameters);
    Direction direction = LokiParameters.direction(parameters);
    checkLimit(request, limit);
    Entries entries =
        runner.run(
            request,
            bounds.description("range", text, 0),
            asked ->
                entries(
                    asked,
                    engine.entries(
                        request.tenant(),
                        LogqlQuery.parse(text),
                        new EntriesRequest(bounds.startNs(), bounds.endNs(), limit, direction, 0),
                        asked.budget())));
    return stream(json -> {
      json.raw("{\"streams\":[");
      boolean first = true;
      for (LogStream stream : entries.outcome().streams()) {
        json.raw(first ? "{\"labels\":" : ",{\"labels\":").string(stream.labels().toString());
        json.raw(",\"entries\":[");
        first = false;
        boolean firstEntry = true;
        for (var entry : stream.entries()) {
          json.raw(firstEntry ? "{\"ts\":" : ",{\"ts\":").string(time(entry.timeNs()));
          json.raw(",\"line\":").string(entry.line()).raw('}');
          firstEntry = false;
        }
        json.raw("]}");
      }
      json.raw("],\"stats\":");
      StatisticsJson.write(json, entries.outcome().statistics(), entries.waitedNanos(), 0);
      json.raw('}');
    });
  }

  private static String time(long timeNs) {
    return Instant.ofEpochSecond(
            Math.floorDiv(timeNs, LokiParameters.SECOND),
            Math.floorMod(timeNs, LokiParameters.SECOND))
        .toString();
  }

  private Response format(Request request) {
    String text = LokiParameters.required(request.parameters(), "query");
    try {
      String formatted = LogqlQuery.parse(text).pretty();
      return stream(
          json -> json.raw("{\"status\":\"success\",\"data\":").string(formatted).raw('}'));
    } catch (ParseFailed e) {
      throw HttpError.badData(String.valueOf(e.getMessage()));
    }
  }

  private long nowNs() {
    return clock.millis() * MILLI;
  }

  private void checkLimit(Request request, int limit) {
    int most = configs.of(request.tenant()).maxEntries();
    if (limit > most) {
      throw HttpError.badData(
          "max entries limit per query exceeded, limit > max_entries_limit_per_query ("
              + limit
              + " > "
              + most
              + "); logs.max_entries is that limit");
    }
  }

  private static Entries entries(Asked asked, EntriesOutcome outcome) {
    asked.budget().holdOnly(StreamsJson.heapBytes(outcome.streams()));
    return new Entries(outcome, asked.waitedNanos());
  }

  private static Numbers numbers(Asked asked, MetricOutcome outcome) {
    asked.budget().holdOnly(AnswerSize.heapBytes(outcome.value()));
    return new Numbers(outcome, asked.waitedNanos());
  }

  private static Response respond(Request request, Entries entries, Direction direction) {
    String flags = request.header("X-Loki-Response-Encoding-Flags");
    boolean categorized =
        flags != null && flags.toLowerCase(Locale.ROOT).contains(StreamsJson.CATEGORIZE);
    List<LogStream> streams =
        categorized
            ? StreamsJson.byOwnLabels(entries.outcome().streams(), direction)
            : entries.outcome().streams();
    long count = streams.stream().mapToLong(stream -> stream.entries().size()).sum();
    return stream(json -> {
      json.raw("{\"status\":\"success\",\"data\":{\"resultType\":\"streams\",");
      if (categorized) {
        json.raw("\"encodingFlags\":[\"" + StreamsJson.CATEGORIZE + "\"],");
      }
      json.raw("\"result\":");
      StreamsJson.write(json, streams, categorized);
      json.raw(",\"stats\":");
      StatisticsJson.write(json, entries.outcome().statistics(), entries.waitedNanos(), count);
      json.raw('}');
      warnings(json, entries.outcome().warnings());
      json.raw('}');
    });
  }

  private static Response respond(Numbers numbers) {
    var value = numbers.outcome().value();
    int results =
        switch (value) {
          case QueryValue.Vector vector -> vector.samples().size();
          case QueryValue.Matrix matrix -> matrix.series().size();
          case QueryValue.Scalar _, QueryValue.Text _ -> 1;
        };
    return stream(
            json -> {
              json.raw("{\"status\":\"success\",\"data\":");
              ValueJson.write(json, value, results);
              json.raw(",\"stats\":");
              StatisticsJson.write(
                  json, numbers.outcome().statistics(), numbers.waitedNanos(), results);
              json.raw('}');
              warnings(json, numbers.outcome().warnings());
              json.raw('}');
            })
        .ofAtMost(ValueJson.mostBytes(value));
  }

  private static void warnings(JsonText json, List<String> warnings) throws IOException {
    if (!warnings.isEmpty()) {
      json.raw(",\"warnings\":").strings(warnings);
    }
  }

  /** Writes an answer. */
  @FunctionalInterface
  interface Writer {
    void write(JsonText json) throws IOException;
  }

  static Response stream(Writer writer) {
    return Response.stream(
        200,
        "application/json; charset=UTF-8",
        out -> {
          JsonText json = new JsonText(out);
          writer.write(json);
          json.flush();
        });
  }

  /** Who asks, as Grafana and others say it, of questions that took long. */
  private static void tags(Request request, QueryDescription description, long began) {
    String tags = request.header("X-Query-Tags");
    if (tags == null) {
      return;
    }
    long nanos = System.nanoTime() - began;
    (nanos >= SLOW_NANOS ? LOG.atInfo() : LOG.atDebug())
        .addKeyValue("tenant", request.tenant())
        .addKeyValue("seconds", nanos / 1e9)
        .addKeyValue("tags", tags.length() > MAX_TAGS ? tags.substring(0, MAX_TAGS) : tags)
        .addKeyValue("query", description.text())
        .log("query");
  }
}
