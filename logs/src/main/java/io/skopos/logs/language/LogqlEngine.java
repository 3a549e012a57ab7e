// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryValue;
import io.skopos.engine.StepGrid;
import io.skopos.logs.language.ast.LogExpr;
import io.skopos.logs.language.ast.MetricExpr;
import io.skopos.logs.language.evaluation.EntriesEvaluation;
import io.skopos.logs.language.evaluation.Evaluator;
import io.skopos.logs.language.evaluation.QueryContext;
import io.skopos.logs.language.evaluation.ResultAssembly;
import io.skopos.logs.language.evaluation.TailEvaluation;
import io.skopos.logs.store.LogSource;
import io.skopos.model.TenantId;
import java.util.List;

/**
 * Answers LogQL over a source of entries. Thread-safe; runs on the caller's thread, which should be
 * a platform thread, because evaluation is CPU work.
 */
public final class LogqlEngine {

  private static final long MILLI = 1_000_000;
  private static final int MAX_STEPS = 1_000_000;

  private final LogSource source;

  public LogqlEngine(LogSource source) {
    this.source = source;
  }

  /**
   * Evaluates a metric query at one time: a vector, or a scalar for a number. The order of the
   * vector is the evaluation's, which means something after {@code sort} or {@code topk}.
   *
   * @throws QueryRefused when the query is valid but cannot be answered, with a text like Loki's
   * @throws io.skopos.engine.QueryFailed when the data does not fit the query
   * @throws io.skopos.engine.QueryAborted when the budget is spent or the query was cancelled
   */
  public MetricOutcome instant(
      TenantId tenant, LogqlQuery query, long timeNs, QueryLimits limits, QueryBudget budget) {
    long started = System.nanoTime();
    MetricExpr expr = metric(query);
    long timeMs = Math.floorDiv(timeNs, MILLI);
    QueryContext context = new QueryContext(tenant, source, budget);
    Evaluator evaluator = new Evaluator(context, StepGrid.instant(timeMs), timeNs);
    QueryValue value = ResultAssembly.instant(evaluator, expr, limits, timeMs);
    return new MetricOutcome(
        value, context.annotations().warnings(), costs(context, query, started));
  }

  /**
   * Evaluates a metric query at start, start + step, ... up to end; the answer is a matrix sorted
   * by labels.
   *
   * @throws QueryRefused when the query is valid but cannot be answered, with a text like Loki's
   * @throws io.skopos.engine.QueryFailed when the data does not fit the query
   * @throws io.skopos.engine.QueryAborted when the budget is spent or the query was cancelled
   */
  public MetricOutcome range(
      TenantId tenant,
      LogqlQuery query,
      long startNs,
      long endNs,
      long stepMs,
      QueryLimits limits,
      QueryBudget budget) {
    long started = System.nanoTime();
    MetricExpr expr = metric(query);
    StepGrid grid =
        new StepGrid(Math.floorDiv(startNs, MILLI), Math.floorDiv(endNs, MILLI), stepMs);
    if (grid.steps() > MAX_STEPS) {
      throw new QueryRefused(
          "the range has "
              + grid.steps()
              + " steps, more than "
              + MAX_STEPS
              + "; ask for longer ones");
    }
    QueryContext context = new QueryContext(tenant, source, budget);
    QueryValue value = ResultAssembly.range(new Evaluator(context, grid, startNs), expr, limits);
    return new MetricOutcome(
        value, context.annotations().warnings(), costs(context, query, started));
  }

  /**
   * The entries of a log query.
   *
   * @throws QueryRefused when the query is valid but cannot be answered, with a text like Loki's
   * @throws io.skopos.engine.QueryAborted when the budget is spent or the query was cancelled
   */
  public EntriesOutcome entries(
      TenantId tenant, LogqlQuery query, EntriesRequest request, QueryBudget budget) {
    long started = System.nanoTime();
    QueryContext context = new QueryContext(tenant, source, budget);
    List<LogStream> streams = new EntriesEvaluation(context, log(query), request).evaluate();
    return new EntriesOutcome(
        streams, context.annotations().warnings(), costs(context, query, started));
  }

  /**
   * A log query for entries that come in later.
   *
   * @throws QueryRefused when it is none
   */
  public static TailQuery tail(LogqlQuery query) {
    return new TailEvaluation(log(query));
  }

  private static MetricExpr metric(LogqlQuery query) {
    if (query.expr() instanceof MetricExpr metric) {
      return metric;
    }
    throw new QueryRefused(
        "log queries are not supported as an instant query type, please change your query to a"
            + " range query type");
  }

  private static LogExpr log(LogqlQuery query) {
    if (query.expr() instanceof LogExpr log) {
      return log;
    }
    throw new QueryRefused("only log queries have entries, this one has numbers");
  }

  private static QueryStatistics costs(QueryContext context, LogqlQuery query, long started) {
    return context.counts().statistics(query.parseNanos(), System.nanoTime() - started);
  }
}
