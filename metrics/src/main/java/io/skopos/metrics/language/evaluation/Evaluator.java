// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

import io.skopos.engine.QueryFailed;
import io.skopos.engine.QueryValue;
import io.skopos.engine.StepBlock;
import io.skopos.engine.StepGrid;
import io.skopos.engine.histogram.HistogramSum;
import io.skopos.metrics.language.ast.Aggregate;
import io.skopos.metrics.language.ast.Binary;
import io.skopos.metrics.language.ast.Call;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.MatrixSelector;
import io.skopos.metrics.language.ast.NumberLiteral;
import io.skopos.metrics.language.ast.Paren;
import io.skopos.metrics.language.ast.StringLiteral;
import io.skopos.metrics.language.ast.Subquery;
import io.skopos.metrics.language.ast.Unary;
import io.skopos.metrics.language.ast.VectorSelector;
import io.skopos.metrics.language.leaf.SampleCount;
import io.skopos.model.histogram.NativeHistogram;
import java.util.Arrays;
import java.util.List;

/** Evaluates expressions on one grid. Not thread-safe. */
public final class Evaluator {

  private final QueryContext context;
  private final StepGrid grid;
  private final SampleCount count;
  private boolean tellsResets;

  public Evaluator(QueryContext context, StepGrid grid, SampleCount count) {
    this.context = context;
    this.grid = grid;
    this.count = count;
  }

  QueryContext context() {
    return context;
  }

  StepGrid grid() {
    return grid;
  }

  SampleCount count() {
    return count;
  }

  /** Whether selectors tell of resets they find in histograms, rather than leave them unknown. */
  boolean tellsResets() {
    return tellsResets;
  }

  void tellResets(boolean tells) {
    tellsResets = tells;
  }

  /** For the inside of an expression, on a grid of its own. */
  Evaluator on(StepGrid inner, SampleCount innerCount) {
    Evaluator evaluator = new Evaluator(context, inner, innerCount);
    evaluator.tellsResets = tellsResets;
    return evaluator;
  }

  public Value evaluate(Expr expr) {
    context.budget().checkRunning();
    if (grid.steps() > 1 && !isLiteral(expr) && StepInvariance.holds(expr)) {
      return evaluateOnce(expr);
    }
    Value value = operate(expr);
    return !context.delayedNameRemoval() && value instanceof Value.Vector(StepBlock block)
        ? new Value.Vector(replace(ResultAssembly.named(block), block))
        : value;
  }

  private Value operate(Expr expr) {
    return switch (expr) {
      case NumberLiteral number -> new Value.Scalars(constant(number.value()));
      case StringLiteral text -> new Value.Text(text.value());
      case Paren paren -> evaluate(paren.expr());
      case Unary unary -> unary(unary);
      case VectorSelector selector ->
          new Value.Vector(new SelectorEvaluation(this).instant(selector, null));
      case Aggregate aggregate -> new AggregateEvaluation(this).evaluate(aggregate);
      case Binary binary -> new BinaryEvaluation(this).evaluate(binary);
      case Call call -> new CallEvaluation(this).evaluate(call);
      case MatrixSelector _, Subquery _ ->
          throw new QueryFailed("a range vector can only be evaluated by a function");
    };
  }

  /** The samples of a range vector at the only step of the grid. */
  public List<QueryValue.Series> samples(Expr expr) {
    return switch (expr.unwrapped()) {
      case MatrixSelector matrix -> new SelectorEvaluation(this).samples(matrix);
      case Subquery subquery -> new SubqueryEvaluation(this).samples(subquery);
      case NumberLiteral _,
          StringLiteral _,
          Paren _,
          Unary _,
          VectorSelector _,
          Aggregate _,
          Binary _,
          Call _ ->
          throw new QueryFailed("expected a range vector, got " + expr.type().documented());
    };
  }

  StepBlock vector(Expr expr) {
    return switch (evaluate(expr)) {
      case Value.Vector(StepBlock block) -> block;
      case Value.Scalars _, Value.Text _ ->
          throw new QueryFailed("expected an instant vector, got " + expr.type().documented());
    };
  }

  double[] scalars(Expr expr) {
    return switch (evaluate(expr)) {
      case Value.Scalars(double[] values) -> values;
      case Value.Vector _, Value.Text _ ->
          throw new QueryFailed("expected a scalar, got " + expr.type().documented());
    };
  }

  /** A block takes the place of others in memory. */
  StepBlock replace(StepBlock result, StepBlock... consumed) {
    long points = result.weight();
    long absent = result.absent();
    for (StepBlock block : consumed) {
      points -= block.weight();
      absent -= block.absent();
    }
    context.budget().holdSamples(points);
    context.budget().holdAbsent(absent);
    return result;
  }

  double[] constant(double value) {
    double[] values = new double[grid.steps()];
    Arrays.fill(values, value);
    return values;
  }

  private static boolean isLiteral(Expr expr) {
    return expr instanceof NumberLiteral || expr instanceof StringLiteral;
  }

  private Value evaluateOnce(Expr expr) {
    SampleCount once = SampleCount.ofTotal();
    Value value = on(StepGrid.instant(grid.startMs()), once).evaluate(expr);
    for (int step = 0; step < grid.steps(); step++) {
      count.add(step, once.total());
    }
    return switch (value) {
      case Value.Text text -> text;
      case Value.Scalars(double[] values) -> new Value.Scalars(constant(values[0]));
      case Value.Vector(StepBlock block) -> {
        context.budget().holdSamples(block.weight() * (grid.steps() - 1L));
        yield new Value.Vector(block.repeatedOn(grid));
      }
    };
  }

  private Value unary(Unary unary) {
    Value operand = evaluate(unary.expr());
    if (!unary.negative()) {
      return operand;
    }
    return switch (operand) {
      case Value.Scalars(double[] values) -> new Value.Scalars(negated(values, values.length));
      case Value.Vector(StepBlock block) ->
          new Value.Vector(block.hasHistograms() ? negatedPoints(block) : negatedFloats(block));
      case Value.Text _ -> throw new QueryFailed("a string has no sign");
    };
  }

  private StepBlock negatedFloats(StepBlock block) {
    return block.withValues(negated(block.values(), block.size() * grid.steps()), true);
  }

  private StepBlock negatedPoints(StepBlock block) {
    StepBlock.Builder builder = new StepBlock.Builder(grid, block.size());
    for (int series = 0; series < block.size(); series++) {
      builder.add(block.labels(series), true);
      for (int step = 0; step < block.steps(); step++) {
        if (!block.present(series, step)) {
          continue;
        }
        NativeHistogram histogram = block.histogram(series, step);
        if (histogram == null) {
          builder.set(series, step, -block.value(series, step));
        } else {
          HistogramSum negative = HistogramSum.of(histogram);
          negative.multiply(-1);
          builder.set(series, step, negative.toHistogram());
        }
      }
    }
    return builder.build();
  }

  private static double[] negated(double[] values, int count) {
    double[] negated = new double[count];
    for (int i = 0; i < count; i++) {
      negated[i] = -values[i];
    }
    return negated;
  }
}
