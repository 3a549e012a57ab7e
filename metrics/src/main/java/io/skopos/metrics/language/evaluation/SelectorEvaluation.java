// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

import io.skopos.engine.QueryFailed;
import io.skopos.engine.QueryValue;
import io.skopos.engine.StepBlock;
import io.skopos.metrics.language.ast.AtModifier;
import io.skopos.metrics.language.ast.MatrixSelector;
import io.skopos.metrics.language.ast.VectorSelector;
import io.skopos.metrics.language.function.FunctionLibrary;
import io.skopos.metrics.language.function.RangeFunction;
import io.skopos.metrics.language.function.WindowEdge;
import io.skopos.metrics.language.leaf.LeafRequest;
import io.skopos.metrics.language.leaf.LeafResult;
import io.skopos.metrics.language.leaf.LeafSamples;
import io.skopos.metrics.language.leaf.Reading;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns selectors into leaf requests. */
final class SelectorEvaluation {

  private static final Set<String> ANCHORED_FUNCTIONS =
      Set.of("changes", "delta", "increase", "rate", "resets");
  private static final Set<String> SMOOTHED_FUNCTIONS = Set.of("delta", "increase", "rate");

  private final Evaluator evaluator;
  private final QueryContext context;

  SelectorEvaluation(Evaluator evaluator) {
    this.evaluator = evaluator;
    this.context = evaluator.context();
  }

  StepBlock instant(VectorSelector selector, LeafRequest.@Nullable Pushdown pushdown) {
    Reading reading =
        switch (selector.edge()) {
          case PLAIN, ANCHORED -> new Reading.Latest();
          case SMOOTHED -> new Reading.Smoothed();
        };
    return execute(request(selector, reading, context.lookbackMs(), pushdown));
  }

  /** When the samples were taken, in seconds. */
  StepBlock sampleTimes(VectorSelector selector) {
    return execute(request(selector, new Reading.LatestTime(), context.lookbackMs(), null));
  }

  /** When the counting began whose states the samples are, in seconds. */
  StepBlock sampleStarts(VectorSelector selector) {
    return execute(request(selector, new Reading.LatestStart(), context.lookbackMs(), null));
  }

  StepBlock windows(
      MatrixSelector matrix,
      String function,
      List<double[]> scalars,
      List<Integer> positions,
      LeafRequest.@Nullable Pushdown pushdown) {
    WindowEdge edge = edge(matrix.selector());
    refuseUnfit(edge, function);
    RangeFunction known = FunctionLibrary.range(function);
    if (known != null && known.reachesBack()) {
      edge = WindowEdge.ANCHORED;
    }
    Reading reading = new Reading.Windowed(function, edge, scalars, positions);
    return execute(request(matrix.selector(), reading, matrix.range().millis(), pushdown));
  }

  List<QueryValue.Series> samples(MatrixSelector matrix) {
    Reading reading =
        new Reading.Windowed("last_over_time", edge(matrix.selector()), List.of(), List.of());
    LeafSamples samples =
        context
            .leaves()
            .samples(
                request(matrix.selector(), reading, matrix.range().millis(), null),
                context.budget(),
                evaluator.count());
    context.annotations().warnOfData(samples.warnings());
    return samples.series();
  }

  /** The time a modifier fixes, if there is one. */
  @Nullable Long at(@Nullable AtModifier modifier) {
    return modifier == null ? null : modifier.millis(context.startMs(), context.endMs());
  }

  StepBlock execute(LeafRequest request) {
    LeafResult result =
        context
            .leaves()
            .execute(request, context.budget(), context.annotations(), evaluator.count());
    context.annotations().warnOfData(result.warnings());
    return result.block();
  }

  private LeafRequest request(
      VectorSelector selector,
      Reading reading,
      long windowMs,
      LeafRequest.@Nullable Pushdown pushdown) {
    return new LeafRequest(
        context.tenant(),
        selector.matchers(),
        evaluator.grid(),
        reading,
        selector.offset().millis(),
        at(selector.at()),
        windowMs,
        context.lookbackMs(),
        evaluator.tellsResets(),
        pushdown);
  }

  private static WindowEdge edge(VectorSelector selector) {
    return switch (selector.edge()) {
      case PLAIN -> WindowEdge.PLAIN;
      case ANCHORED -> WindowEdge.ANCHORED;
      case SMOOTHED -> WindowEdge.SMOOTHED;
    };
  }

  private static void refuseUnfit(WindowEdge edge, String function) {
    Set<String> fit =
        switch (edge) {
          case PLAIN -> Set.of(function);
          case ANCHORED -> ANCHORED_FUNCTIONS;
          case SMOOTHED -> SMOOTHED_FUNCTIONS;
        };
    if (!fit.contains(function)) {
      throw new QueryFailed(
          (edge == WindowEdge.ANCHORED ? "anchored" : "smoothed")
              + " modifier can only be used with: "
              + String.join(", ", fit.stream().sorted().toList())
              + " - not with "
              + function);
    }
  }
}
