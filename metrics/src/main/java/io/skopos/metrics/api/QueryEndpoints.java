// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryValue;
import io.skopos.metrics.api.queries.QueriedMetrics;
import io.skopos.metrics.language.PromqlEngine;
import io.skopos.metrics.language.QueryOptions;
import io.skopos.metrics.language.QueryOutcome;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.ValueType;
import io.skopos.metrics.language.parse.PromqlParser;
import io.skopos.serving.answer.AnswerSize;
import io.skopos.serving.answer.ValueJson;
import io.skopos.serving.query.QueryDescription;
import io.skopos.serving.query.QueryRunner;
import io.skopos.storage.blocks.ReadContext;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** {@code /api/v1/query} and {@code /api/v1/query_range}. */
final class QueryEndpoints {

  private final PromqlEngine engine;
  private final QueryRunner runner;
  private final QueryConfig config;
  private final InstantSource clock;
  private final PromqlParser parser;

  QueryEndpoints(PromqlEngine engine, QueryRunner runner, QueryConfig config, InstantSource clock) {
    this.engine = engine;
    this.runner = runner;
    this.config = config;
    this.parser = new PromqlParser(config.language().parserOptions());
    this.clock = clock;
  }

  void register(Routes.Family family) {
    family.getOrPost("/api/v1/query", this::instant);
    family.getOrPost("/api/v1/query_range", this::range);
  }

  private record Answered(
      QueryOutcome outcome, QueryBudget budget, long waitedNanos, ReadContext.Cost reads) {}

  private Response instant(Request request) {
    Parameters parameters = request.parameters();
    int limit = QueryParameters.limit(parameters);
    long timeMs = QueryParameters.time(parameters, "time", clock.millis());
    Duration timeout = timeout(parameters);
    QueryOptions options = options(parameters);
    String query = parameters.getOrEmpty("query");
    Answered answered =
        runner.run(
            request,
            QueryDescription.instant(query, timeMs),
            timeout,
            asked -> {
              asked.names(QueriedMetrics.of(parser.parse(query)));
              return answered(
                  asked, engine.instant(request.tenant(), query, timeMs, options, asked.budget()));
            });
    StepTimes steps = new StepTimes(timeMs, 1);
    return respond(parameters, limit, answered, steps);
  }

  private Response range(Request request) {
    Parameters parameters = request.parameters();
    int limit = QueryParameters.limit(parameters);
    long start = QueryParameters.requiredTime(parameters, "start");
    long end = QueryParameters.requiredTime(parameters, "end");
    if (end < start) {
      throw QueryParameters.invalid("end", "end timestamp must not be before start time");
    }
    long step = QueryParameters.duration(parameters, "step").toMillis();
    if (step <= 0) {
      throw QueryParameters.invalid(
          "step",
          "zero or negative query resolution step widths are not accepted. Try a positive integer");
    }
    if ((end - start) / step > config.maxPoints()) {
      throw HttpError.badData(
          String.format(
              "exceeded maximum resolution of %,d points per timeseries. Try decreasing the query"
                  + " resolution (?step=XX)",
              config.maxPoints()));
    }
    Duration timeout = timeout(parameters);
    QueryOptions options = options(parameters);
    String query = parameters.getOrEmpty("query");
    Answered answered =
        runner.run(
            request,
            QueryDescription.range(query, start, end, step),
            timeout,
            asked -> {
              Expr parsed = parser.parse(query);
              asked.names(QueriedMetrics.of(parsed));
              checkRangeType(parsed);
              return answered(
                  asked,
                  engine.range(request.tenant(), query, start, end, step, options, asked.budget()));
            });
    return respond(parameters, limit, answered, new StepTimes(start, step));
  }

  private static Answered answered(QueryRunner.Asked asked, QueryOutcome outcome) {
    asked.budget().holdOnly(AnswerSize.heapBytes(outcome.value()));
    return new Answered(outcome, asked.budget(), asked.waitedNanos(), asked.readCost());
  }

  /** The engine refuses it too, but as an error of evaluation; here it is one of the request. */
  private static void checkRangeType(Expr query) {
    ValueType type = query.type();
    if (type != ValueType.VECTOR && type != ValueType.SCALAR) {
      throw QueryParameters.invalid(
          "query",
          "invalid expression type \""
              + type.documented()
              + "\" for range query, must be Scalar or instant Vector");
    }
  }

  private Duration timeout(Parameters parameters) {
    if (parameters.getOrEmpty("timeout").isEmpty()) {
      return config.timeout();
    }
    Duration wanted = QueryParameters.duration(parameters, "timeout");
    if (wanted.isNegative()) {
      throw QueryParameters.invalid("timeout", "it is negative");
    }
    return wanted.compareTo(config.timeout()) < 0 ? wanted : config.timeout();
  }

  private QueryOptions options(Parameters parameters) {
    long lookback = config.lookback().toMillis();
    String text = parameters.getOrEmpty("lookback_delta");
    if (!text.isEmpty()) {
      try {
        long wanted = QueryParameters.parseDuration(text).toMillis();
        lookback = wanted > 0 ? wanted : lookback;
      } catch (IllegalArgumentException e) {
        throw HttpError.badData("error parsing lookback delta duration: " + e.getMessage());
      }
    }
    return new QueryOptions(
        lookback,
        parameters.getOrEmpty("stats").equals("all"),
        config.language().parserOptions(),
        config.language().delayedNameRemoval());
  }

  private static Response respond(
      Parameters parameters, int limit, Answered answered, StepTimes steps) {
    QueryOutcome outcome = answered.outcome();
    QueryValue value = outcome.value();
    int results =
        switch (value) {
          case QueryValue.Vector vector -> vector.samples().size();
          case QueryValue.Matrix matrix -> matrix.series().size();
          case QueryValue.Scalar _, QueryValue.Text _ -> 0;
        };
    boolean truncated = limit > 0 && results > limit;
    List<String> warnings = new ArrayList<>(Answer.warnings(truncated, List.of()));
    warnings.addAll(outcome.warnings());
    boolean stats = !parameters.getOrEmpty("stats").isEmpty();
    return Answer.of(
            json -> {
              ValueJson.write(json, value, truncated ? limit : results);
              if (stats) {
                StatsJson.write(
                    json, outcome.stats(), answered.reads(), answered.waitedNanos(), steps);
              }
              json.raw('}');
            },
            warnings,
            outcome.infos())
        .checkedBy(() -> checkMemory(answered.budget()))
        .ofAtMost(stats ? Long.MAX_VALUE : ValueJson.mostBytes(value));
  }

  /** A large answer that is read slowly makes room for others. */
  private static void checkMemory(QueryBudget budget) {
    if (budget.isStoppedForMemory()) {
      throw HttpError.unavailable(
          "the answer is read too slowly while other queries need the memory it holds",
          Duration.ofSeconds(5));
    }
  }
}
