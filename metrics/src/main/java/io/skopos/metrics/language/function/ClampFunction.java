// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;

/**
 * {@code clamp}, {@code clamp_min} and {@code clamp_max}. Bounds the wrong way round leave nothing.
 *
 * @param lower number of the argument that bounds from below, or -1
 * @param upper number of the argument that bounds from above, or -1
 */
record ClampFunction(int lower, int upper) implements VectorFunction {

  static final ClampFunction BETWEEN = new ClampFunction(1, 2);
  static final ClampFunction BELOW = new ClampFunction(1, -1);
  static final ClampFunction ABOVE = new ClampFunction(-1, 1);

  @Override
  public StepBlock apply(VectorCall call) {
    StepBlock block = call.vector(0).floats();
    double[] lowest = lower < 0 ? null : call.scalar(lower);
    double[] highest = upper < 0 ? null : call.scalar(upper);
    StepBlock.Builder builder = new StepBlock.Builder(call.grid(), block.size());
    for (int series = 0; series < block.size(); series++) {
      builder.add(block.labels(series), true);
      for (int step = 0; step < block.steps(); step++) {
        double least = lowest == null ? Double.NEGATIVE_INFINITY : lowest[step];
        double most = highest == null ? Double.POSITIVE_INFINITY : highest[step];
        if (block.present(series, step) && !(most < least)) {
          builder.set(series, step, greater(least, lesser(most, block.value(series, step))));
        }
      }
    }
    return builder.build();
  }

  /** As {@link Math#max}, but infinity wins over NaN. */
  private static double greater(double a, double b) {
    return a == Double.POSITIVE_INFINITY || b == Double.POSITIVE_INFINITY
        ? Double.POSITIVE_INFINITY
        : Math.max(a, b);
  }

  private static double lesser(double a, double b) {
    return a == Double.NEGATIVE_INFINITY || b == Double.NEGATIVE_INFINITY
        ? Double.NEGATIVE_INFINITY
        : Math.min(a, b);
  }
}
