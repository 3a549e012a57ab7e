// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.engine.StepBlock;
import io.skopos.engine.StepGrid;
import io.skopos.engine.aggregation.Grouping;
import io.skopos.engine.binary.BinaryOperator;
import io.skopos.engine.binary.OperatorNotes;
import io.skopos.engine.binary.ScalarOperation;
import io.skopos.engine.binary.SetOperation;
import io.skopos.engine.binary.SetOperator;
import io.skopos.engine.binary.VectorMatching;
import io.skopos.engine.binary.VectorOperation;
import io.skopos.logs.language.QueryRefused;
import io.skopos.logs.language.ast.Binary;
import io.skopos.logs.language.ast.LabelReplace;
import io.skopos.logs.language.ast.Literal;
import io.skopos.logs.language.ast.Matching;
import io.skopos.logs.language.ast.MetricExpr;
import io.skopos.logs.language.ast.RangeAggregation;
import io.skopos.logs.language.ast.VectorAggregation;
import io.skopos.logs.language.ast.VectorLiteral;
import io.skopos.model.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Evaluates metric expressions on one grid. Not thread-safe. */
public final class Evaluator {

  private final QueryContext context;
  private final StepGrid grid;
  private final long startNs;

  /**
   * @param startNs the first step, to the nanosecond
   */
  public Evaluator(QueryContext context, StepGrid grid, long startNs) {
    this.context = context;
    this.grid = grid;
    this.startNs = startNs;
  }

  QueryContext context() {
    return context;
  }

  StepGrid grid() {
    return grid;
  }

  Value evaluate(MetricExpr expr) {
    context.budget().checkRunning();
    return switch (expr) {
      case Literal literal -> new Value.Scalars(constant(literal.value()));
      case VectorLiteral literal -> new Value.Vector(vector(literal));
      case RangeAggregation aggregation -> new Value.Vector(range(aggregation, null, false));
      case VectorAggregation aggregation ->
          new Value.Vector(new AggregationEvaluation(this).evaluate(aggregation));
      case LabelReplace replace -> new Value.Vector(new LabelReplacement(this).evaluate(replace));
      case Binary binary -> binary(binary);
    };
  }

  StepBlock vector(MetricExpr expr) {
    return switch (evaluate(expr)) {
      case Value.Vector(StepBlock block) -> block;
      case Value.Scalars _ ->
          throw new QueryRefused("expected a vector, got a number: it has no labels to work on");
    };
  }

  /**
   * @param outer how the aggregation around it groups, when nothing more is needed; or null
   * @param narrow whether that is a sum
   */
  StepBlock range(RangeAggregation aggregation, @Nullable Grouping outer, boolean narrow) {
    return new RangeEvaluation(context, grid, startNs, aggregation, outer, narrow).evaluate();
  }

  private StepBlock vector(VectorLiteral literal) {
    StepBlock.Builder builder = new StepBlock.Builder(grid, 1);
    int series = builder.add(Labels.EMPTY, false);
    for (int step = 0; step < grid.steps(); step++) {
      builder.set(series, step, literal.value());
    }
    return replace(builder.build());
  }

  private double[] constant(double value) {
    double[] values = new double[grid.steps()];
    Arrays.fill(values, value);
    return values;
  }

  private Value binary(Binary binary) {
    SetOperator set = binary.operator().set();
    if (set != null) {
      StepBlock left = vector(binary.left());
      StepBlock right = vector(binary.right());
      StepBlock result = SetOperation.apply(set, left, right, matching(binary.matching()));
      return new Value.Vector(replace(result, left, right));
    }
    BinaryOperator operator = Objects.requireNonNull(binary.operator().arithmetic());
    Value left = evaluate(binary.left());
    Value right = evaluate(binary.right());
    boolean bool = binary.bool();
    if (left instanceof Value.Vector(StepBlock block)) {
      if (right instanceof Value.Vector(StepBlock other)) {
        VectorMatching matching = matching(binary.matching());
        StepBlock result =
            VectorOperation.apply(
                operator, block, other, matching, bool, MatchNotes.INSTANCE, context.budget());
        return new Value.Vector(replace(result, block, other));
      }
      double[] scalars = ((Value.Scalars) right).values();
      return new Value.Vector(
          replace(
              ScalarOperation.apply(operator, block, scalars, false, bool, OperatorNotes.NONE),
              block));
    }
    double[] scalars = ((Value.Scalars) left).values();
    if (right instanceof Value.Vector(StepBlock block)) {
      return new Value.Vector(
          replace(
              ScalarOperation.apply(operator, block, scalars, true, bool, OperatorNotes.NONE),
              block));
    }
    double[] others = ((Value.Scalars) right).values();
    return new Value.Scalars(ScalarOperation.apply(operator, scalars, others));
  }

  private static VectorMatching matching(Matching matching) {
    VectorMatching.Cardinality cardinality =
        switch (matching.cardinality()) {
          case ONE_TO_ONE -> VectorMatching.Cardinality.ONE_TO_ONE;
          case MANY_TO_ONE -> VectorMatching.Cardinality.MANY_TO_ONE;
          case ONE_TO_MANY -> VectorMatching.Cardinality.ONE_TO_MANY;
        };
    return new VectorMatching(
        cardinality,
        matching.on(),
        orNone(matching.labels()),
        orNone(matching.include()),
        null,
        null);
  }

  private static List<String> orNone(@Nullable List<String> names) {
    return names == null ? List.of() : names;
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
}
