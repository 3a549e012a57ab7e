// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.binary;

import io.skopos.engine.StepBlock;
import io.skopos.model.histogram.NativeHistogram;
import java.util.Arrays;

/** A block and a scalar. */
public final class ScalarOperation {

  private ScalarOperation() {}

  /**
   * @param scalars one per step
   * @param scalarLeft whether the scalar stands on the left
   * @param bool whether a comparison answers 0 or 1 instead of filtering; a filter always keeps the
   *     block's value
   */
  public static StepBlock apply(
      BinaryOperator operator,
      StepBlock block,
      double[] scalars,
      boolean scalarLeft,
      boolean bool,
      OperatorNotes notes) {
    if (block.hasHistograms() || operator.isTrim()) {
      return pointwise(operator, block, scalars, scalarLeft, bool, notes);
    }
    if (operator.isComparison() && !bool) {
      return filter(operator, block, scalars, scalarLeft);
    }
    int steps = block.steps();
    double[] values = block.values();
    double[] results = new double[block.size() * steps];
    for (int at = 0; at < results.length; at += steps) {
      for (int step = 0; step < steps; step++) {
        double value = values[at + step];
        double scalar = scalars[step];
        results[at + step] =
            scalarLeft ? operator.apply(scalar, value) : operator.apply(value, scalar);
      }
    }
    return block.withValues(results, true);
  }

  private static StepBlock pointwise(
      BinaryOperator operator,
      StepBlock block,
      double[] scalars,
      boolean scalarLeft,
      boolean bool,
      OperatorNotes notes) {
    PointOperation operation = new PointOperation(operator, bool, notes);
    boolean filters = operator.isComparison() && !bool;
    StepBlock.Builder builder = new StepBlock.Builder(block.grid(), block.size());
    for (int series = 0; series < block.size(); series++) {
      // Trimming leaves a metric what it is.
      boolean keepsName = filters || operator.isTrim();
      builder.add(block.labels(series), !keepsName || block.nameDropped(series));
      for (int step = 0; step < block.steps(); step++) {
        if (!block.present(series, step)) {
          continue;
        }
        double value = block.value(series, step);
        double left = scalarLeft ? scalars[step] : value;
        double right = scalarLeft ? value : scalars[step];
        NativeHistogram histogram = block.histogram(series, step);
        if (operation.concerns(histogram, null)) {
          if (operation.apply(
              left, scalarLeft ? null : histogram, right, scalarLeft ? histogram : null)) {
            set(builder, series, step, operation);
          }
        } else if (!filters) {
          builder.set(series, step, operator.apply(left, right));
        } else if (operator.holds(left, right)) {
          builder.set(series, step, value);
        }
      }
    }
    return builder.build();
  }

  private static void set(
      StepBlock.Builder builder, int series, int step, PointOperation operation) {
    if (operation.histogram == null) {
      builder.set(series, step, operation.value);
    } else {
      builder.set(series, step, operation.histogram);
    }
  }

  private static StepBlock filter(
      BinaryOperator operator, StepBlock block, double[] scalars, boolean scalarLeft) {
    int words = block.wordsPerSeries();
    long[] presence = Arrays.copyOf(block.presence(), block.size() * words);
    for (int series = 0; series < block.size(); series++) {
      for (int step = 0; step < block.steps(); step++) {
        double value = block.value(series, step);
        double scalar = scalars[step];
        boolean kept = scalarLeft ? operator.holds(scalar, value) : operator.holds(value, scalar);
        if (!kept) {
          presence[series * words + (step >>> 6)] &= ~(1L << step);
        }
      }
    }
    return block.withPresence(presence);
  }

  /** Scalars on both sides; comparisons answer 0 or 1. */
  public static double[] apply(BinaryOperator operator, double[] left, double[] right) {
    double[] results = new double[left.length];
    for (int step = 0; step < left.length; step++) {
      results[step] = operator.apply(left[step], right[step]);
    }
    return results;
  }
}
