// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

import io.skopos.engine.LabelledRows;
import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepBlock;
import io.skopos.engine.StepGrid;
import io.skopos.engine.aggregation.Accumulator;
import io.skopos.engine.aggregation.Grouping;
import io.skopos.metrics.language.ast.Call;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.MatrixSelector;
import io.skopos.metrics.language.ast.Subquery;
import io.skopos.metrics.language.ast.ValueType;
import io.skopos.metrics.language.ast.VectorSelector;
import io.skopos.metrics.language.function.FunctionLibrary;
import io.skopos.metrics.language.function.PositionedAnnotations;
import io.skopos.metrics.language.function.ScalarFunction;
import io.skopos.metrics.language.function.VectorCall;
import io.skopos.metrics.language.function.VectorFunction;
import io.skopos.metrics.language.leaf.LeafRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Function calls: those of the library, and those that need the expression itself. */
final class CallEvaluation {

  private static final Set<String> SPECIAL =
      Set.of(
          "absent",
          "absent_over_time",
          "timestamp",
          "start_timestamp",
          "info",
          "start",
          "end",
          "step",
          "range");

  /** Below these Prometheus finds resets itself, since it reads no buckets there. */
  private static final Set<String> COUNTS_ONLY =
      Set.of("histogram_count", "histogram_sum", "histogram_avg");

  private static final Set<String> WHOLE_HISTOGRAMS =
      Set.of("histogram_quantile", "histogram_quantiles", "histogram_fraction");

  private final Evaluator evaluator;
  private final QueryContext context;

  CallEvaluation(Evaluator evaluator) {
    this.evaluator = evaluator;
    this.context = evaluator.context();
  }

  /** Whether the call is evaluated here and not by the library. */
  static boolean isSpecial(Call call) {
    return SPECIAL.contains(call.function().name());
  }

  /** The range-vector argument, if there is one. */
  static @Nullable Expr range(Call call) {
    for (Expr argument : call.arguments()) {
      if (argument.type() == ValueType.MATRIX) {
        return argument.unwrapped();
      }
    }
    return null;
  }

  Value evaluate(Call call) {
    return switch (call.function().name()) {
      case "absent" -> absent(call);
      case "absent_over_time" -> absentOverTime(call);
      case "timestamp" -> timestamp(call);
      case "start_timestamp" -> startTimestamp(call);
      case "info" -> new Value.Vector(new InfoEvaluation(evaluator).evaluate(call));
      case "start" -> seconds(context.startMs());
      case "end" -> seconds(context.endMs());
      case "step" -> seconds(context.stepMs());
      case "range" -> seconds(context.endMs() - context.startMs());
      default -> library(call);
    };
  }

  /** A range function over a selector, perhaps aggregated at once. */
  StepBlock windows(Call call, MatrixSelector matrix, LeafRequest.@Nullable Pushdown pushdown) {
    return new SelectorEvaluation(evaluator)
        .windows(matrix, call.function().name(), rangeScalars(call), positions(call), pushdown);
  }

  private Value library(Call call) {
    String name = call.function().name();
    Expr range = range(call);
    if (range instanceof MatrixSelector matrix) {
      return new Value.Vector(windows(call, matrix, null));
    }
    if (range instanceof Subquery subquery) {
      return new Value.Vector(
          new SubqueryEvaluation(evaluator)
              .windows(subquery, name, rangeScalars(call), positions(call)));
    }
    VectorFunction vectorFunction = FunctionLibrary.vector(name);
    if (vectorFunction != null) {
      Arguments arguments = arguments(call);
      StepBlock result = unique(vectorFunction.apply(arguments), arguments);
      return new Value.Vector(evaluator.replace(result, arguments.blocks()));
    }
    ScalarFunction scalarFunction = FunctionLibrary.scalar(name);
    if (scalarFunction != null) {
      Arguments arguments = arguments(call);
      double[] result = scalarFunction.apply(arguments);
      evaluator.replace(StepBlock.empty(evaluator.grid()), arguments.blocks());
      return new Value.Scalars(result);
    }
    throw new QueryFailed("unknown function with name \"" + name + "\"");
  }

  /** Rows that a function gave equal labels become one, unless they clash. */
  private static StepBlock unique(StepBlock result, Arguments arguments) {
    for (StepBlock block : arguments.blocks()) {
      if (result.sharesLabels(block)) {
        return result;
      }
    }
    LabelledRows rows = new LabelledRows(result.grid(), result.size());
    int[] rowOf = new int[result.size()];
    for (int series = 0; series < result.size(); series++) {
      rowOf[series] = rows.row(result.labels(series), result.nameDropped(series));
    }
    if (rows.size() == result.size()) {
      return result;
    }
    for (int series = 0; series < result.size(); series++) {
      for (int step = 0; step < result.steps(); step++) {
        if (result.present(series, step)) {
          rows.copy(rowOf[series], step, result, series);
        }
      }
    }
    return rows.build();
  }

  private Value absent(Call call) {
    Expr argument = call.arguments().getFirst();
    StepBlock block =
        argument.unwrapped() instanceof VectorSelector selector
            ? new SelectorEvaluation(evaluator).instant(selector, presence(call))
            : evaluator.vector(argument);
    return new Value.Vector(evaluator.replace(complement(block, AbsentLabels.of(argument)), block));
  }

  private Value absentOverTime(Call call) {
    Expr argument = call.arguments().getFirst();
    StepBlock present =
        switch (range(call)) {
          case MatrixSelector matrix ->
              new SelectorEvaluation(evaluator)
                  .windows(
                      matrix,
                      "present_over_time",
                      rangeScalars(call),
                      positions(call),
                      presence(call));
          case Subquery subquery ->
              new SubqueryEvaluation(evaluator)
                  .windows(subquery, "present_over_time", rangeScalars(call), positions(call));
          case null, default -> throw new QueryFailed("absent_over_time expects a range vector");
        };
    return new Value.Vector(
        evaluator.replace(complement(present, AbsentLabels.of(argument)), present));
  }

  /** Leaves of all series one, present where any of them is. */
  private static LeafRequest.Pushdown presence(Call call) {
    return new LeafRequest.Pushdown(Accumulator.Kind.GROUP, Grouping.ALL, call.position().start());
  }

  /** One series of ones where the block has nothing. */
  private static StepBlock complement(StepBlock block, io.skopos.model.Labels labels) {
    StepBlock.Builder builder = new StepBlock.Builder(block.grid(), 1);
    int row = -1;
    for (int step = 0; step < block.steps(); step++) {
      boolean present = false;
      for (int series = 0; series < block.size() && !present; series++) {
        present = block.present(series, step);
      }
      if (!present) {
        row = row < 0 ? builder.add(labels, false) : row;
        builder.set(row, step, 1);
      }
    }
    return builder.build();
  }

  private Value timestamp(Call call) {
    Expr argument = call.arguments().getFirst();
    if (argument.unwrapped() instanceof VectorSelector selector) {
      return new Value.Vector(new SelectorEvaluation(evaluator).sampleTimes(selector));
    }
    StepBlock block = evaluator.vector(argument);
    StepGrid grid = evaluator.grid();
    double[] times = new double[block.size() * grid.steps()];
    for (int i = 0; i < times.length; i++) {
      times[i] = grid.timeMs(i % grid.steps()) / 1000.0;
    }
    return new Value.Vector(block.withValues(times, true));
  }

  /** What is computed has no start. */
  private Value startTimestamp(Call call) {
    Expr argument = call.arguments().getFirst();
    if (argument.unwrapped() instanceof VectorSelector selector) {
      return new Value.Vector(new SelectorEvaluation(evaluator).sampleStarts(selector));
    }
    StepBlock block = evaluator.vector(argument);
    return new Value.Vector(evaluator.replace(StepBlock.empty(evaluator.grid()), block));
  }

  private Value seconds(long millis) {
    return new Value.Scalars(evaluator.constant(millis / 1000.0));
  }

  private List<double[]> rangeScalars(Call call) {
    List<double[]> scalars = new ArrayList<>();
    for (Expr argument : call.arguments()) {
      scalars.add(
          argument.type() == ValueType.SCALAR ? evaluator.scalars(argument) : new double[0]);
    }
    return scalars;
  }

  private static List<Integer> positions(Call call) {
    return call.arguments().stream().map(argument -> argument.position().start()).toList();
  }

  private Arguments arguments(Call call) {
    List<Value> values = new ArrayList<>();
    boolean told = evaluator.tellsResets();
    if (COUNTS_ONLY.contains(call.function().name())) {
      evaluator.tellResets(true);
    } else if (WHOLE_HISTOGRAMS.contains(call.function().name())) {
      evaluator.tellResets(false);
    }
    for (Expr argument : call.arguments()) {
      values.add(evaluator.evaluate(argument));
    }
    evaluator.tellResets(told);
    return new Arguments(call, values, evaluator);
  }

  private record Arguments(Call call, List<Value> values, Evaluator evaluator)
      implements VectorCall {

    @Override
    public StepGrid grid() {
      return evaluator.grid();
    }

    @Override
    public int arguments() {
      return values.size();
    }

    @Override
    public StepBlock vector(int argument) {
      return ((Value.Vector) values.get(argument)).block();
    }

    @Override
    public double[] scalar(int argument) {
      return ((Value.Scalars) values.get(argument)).values();
    }

    @Override
    public String text(int argument) {
      return ((Value.Text) values.get(argument)).value();
    }

    @Override
    public int position(int argument) {
      return call.arguments().get(argument).position().start();
    }

    @Override
    public int position() {
      return call.position().start();
    }

    @Override
    public PositionedAnnotations annotations() {
      return evaluator.context().annotations();
    }

    @Override
    public QueryBudget budget() {
      return evaluator.context().budget();
    }

    StepBlock[] blocks() {
      return values.stream()
          .filter(Value.Vector.class::isInstance)
          .map(value -> ((Value.Vector) value).block())
          .toArray(StepBlock[]::new);
    }
  }
}
