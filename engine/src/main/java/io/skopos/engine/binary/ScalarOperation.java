// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.binary;

import io.skopos.engine.StepBlock;
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
      boolean bool) {
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
