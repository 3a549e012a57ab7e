// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

import io.skopos.engine.QueryFailed;
import io.skopos.engine.QueryValue;
import io.skopos.engine.StepBlock;
import io.skopos.engine.StepGrid;
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
import java.util.Arrays;
import java.util.List;

/** Evaluates expressions on one grid. Not thread-safe. */
public final class Evaluator {

  private final QueryContext context;
  private final StepGrid grid;
  private final SampleCount count;

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

  public Value evaluate(Expr expr) {
    context.budget().checkRunning();
    if (grid.steps() > 1 && !isLiteral(expr) && StepInvariance.holds(expr)) {
      return evaluateOnce(expr);
    }
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
    long points = result.count();
    for (StepBlock block : consumed) {
      points -= block.count();
    }
    context.budget().holdSamples(points);
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
    Value value = new Evaluator(context, StepGrid.instant(grid.startMs()), once).evaluate(expr);
    for (int step = 0; step < grid.steps(); step++) {
      count.add(step, once.total());
    }
    return switch (value) {
      case Value.Text text -> text;
      case Value.Scalars(double[] values) -> new Value.Scalars(constant(values[0]));
      case Value.Vector(StepBlock block) -> {
        context.budget().holdSamples(block.count() * (grid.steps() - 1L));
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
          new Value.Vector(
              block.withValues(negated(block.values(), block.size() * grid.steps()), true));
      case Value.Text _ -> throw new QueryFailed("a string has no sign");
    };
  }

  private static double[] negated(double[] values, int count) {
    double[] negated = new double[count];
    for (int i = 0; i < count; i++) {
      negated[i] = -values[i];
    }
    return negated;
  }
}
