// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language;

import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.QueryValue;
import io.skopos.engine.StepBlock;
import io.skopos.engine.StepGrid;
import io.skopos.metrics.language.ast.DurationResolution;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.ValueType;
import io.skopos.metrics.language.evaluation.Evaluator;
import io.skopos.metrics.language.evaluation.QueryAnnotations;
import io.skopos.metrics.language.evaluation.QueryContext;
import io.skopos.metrics.language.evaluation.ResultAssembly;
import io.skopos.metrics.language.leaf.LeafExecutor;
import io.skopos.metrics.language.leaf.LocalLeafExecutor;
import io.skopos.metrics.language.leaf.SampleCount;
import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.metrics.language.parse.PromqlParser;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.TenantId;

/**
 * Answers PromQL over a sample source. Thread-safe; runs on the caller's thread, which should be a
 * platform thread, because evaluation is CPU work.
 */
public final class PromqlEngine {

  private final LeafExecutor leaves;

  public PromqlEngine(SampleSource source) {
    this.leaves = new LocalLeafExecutor(source);
  }

  /**
   * Evaluates at one time. The answer keeps the evaluation's order, which means something after
   * {@code sort} or {@code topk}; a range vector answers with a matrix sorted by labels.
   *
   * @throws ParseFailed when the text is no query
   * @throws io.skopos.metrics.language.ast.InvalidDuration when a duration expression has no value
   * @throws QueryFailed when the data does not fit the query
   * @throws io.skopos.engine.QueryAborted when the budget is spent or the query was cancelled
   */
  public QueryOutcome instant(
      TenantId tenant, String query, long timeMs, QueryOptions options, QueryBudget budget)
      throws ParseFailed {
    Run run = new Run(tenant, query, timeMs, timeMs, 0, options, budget);
    StepGrid grid = StepGrid.instant(timeMs);
    Evaluator evaluator = run.evaluator(grid);
    if (run.expr.type() == ValueType.MATRIX) {
      return run.outcome(ResultAssembly.samples(evaluator.samples(run.expr)));
    }
    return run.outcome(ResultAssembly.instant(evaluator.evaluate(run.expr), timeMs));
  }

  /**
   * Evaluates at start, start + step, ... up to end; the answer is a matrix sorted by labels.
   *
   * @throws ParseFailed when the text is no query
   * @throws io.skopos.metrics.language.ast.InvalidDuration when a duration expression has no value
   * @throws QueryFailed when the data does not fit the query, or it has no value per step
   * @throws io.skopos.engine.QueryAborted when the budget is spent or the query was cancelled
   */
  public QueryOutcome range(
      TenantId tenant,
      String query,
      long startMs,
      long endMs,
      long stepMs,
      QueryOptions options,
      QueryBudget budget)
      throws ParseFailed {
    StepGrid grid = new StepGrid(startMs, endMs, stepMs);
    Run run = new Run(tenant, query, startMs, endMs, stepMs, options, budget);
    ValueType type = run.expr.type();
    if (type != ValueType.VECTOR && type != ValueType.SCALAR) {
      throw new QueryFailed(
          "invalid expression type \""
              + type.documented()
              + "\" for range query, must be Scalar or instant Vector");
    }
    Evaluator evaluator = run.evaluator(grid);
    return run.outcome(ResultAssembly.range(evaluator.evaluate(run.expr), StepBlock.empty(grid)));
  }

  /** One query on its way through the phases. */
  private final class Run {

    private final long started = System.nanoTime();
    private final long parsed;
    private final Expr expr;
    private final QueryContext context;
    private final QueryAnnotations annotations;
    private final QueryOptions options;
    private final QueryBudget budget;
    private SampleCount count = SampleCount.ofTotal();

    Run(
        TenantId tenant,
        String query,
        long startMs,
        long endMs,
        long stepMs,
        QueryOptions options,
        QueryBudget budget)
        throws ParseFailed {
      Expr written = new PromqlParser(options.parser()).parse(query);
      this.expr = new DurationResolution(stepMs, endMs - startMs).resolve(written);
      this.parsed = System.nanoTime();
      this.annotations = new QueryAnnotations(query);
      this.options = options;
      this.budget = budget;
      this.context =
          new QueryContext(
              tenant,
              startMs,
              endMs,
              stepMs,
              options.lookbackMs(),
              options.delayedNameRemoval(),
              leaves,
              budget,
              annotations);
    }

    Evaluator evaluator(StepGrid grid) {
      count = options.perStepStats() ? SampleCount.ofSteps(grid.steps()) : SampleCount.ofTotal();
      return new Evaluator(context, grid, count);
    }

    QueryOutcome outcome(QueryValue value) {
      long done = System.nanoTime();
      return new QueryOutcome(
          value,
          annotations.warnings(),
          annotations.infos(),
          new QueryOutcome.Stats(
              count.total(),
              budget.peakSamplesHeld(),
              parsed - started,
              done - parsed,
              done - started,
              count.perStep()));
    }
  }
}
