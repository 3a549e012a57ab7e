// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.model.Labels;

/**
 * {@code changes} and {@code resets}: how often a value differs from, or is below, the one before
 * it. Counted once over the series; a window is a difference of two counts.
 *
 * @param onlyFalls {@code resets}
 */
record TurnsFunction(boolean onlyFalls) implements RangeFunction {

  @Override
  public RangeKernel kernel(RangeCall call) {
    return new Kernel(call);
  }

  private final class Kernel extends SeriesKernel {

    private final RangeCall call;
    private int[] turns = new int[64];

    Kernel(RangeCall call) {
      this.call = call;
    }

    @Override
    void begin(Labels labels, int size) {
      if (turns.length < size) {
        turns = new int[values.length];
      }
      int count = 0;
      for (int i = 0; i < size; i++) {
        if (i > 0 && isTurn(values[i - 1], values[i])) {
          count++;
        }
        turns[i] = count;
      }
    }

    private boolean isTurn(double before, double value) {
      return onlyFalls
          ? value < before
          : value != before && !(Double.isNaN(value) && Double.isNaN(before));
    }

    @Override
    public void window(int step, int from, int to, StepRow out) {
      int first = from;
      if (call.edge() == WindowEdge.ANCHORED) {
        long start = call.windowEndMs(step) - call.rangeMs();
        if (timesMs[to - 1] <= start) {
          return;
        }
        while (first + 1 < to && timesMs[first + 1] <= start) {
          first++;
        }
      }
      out.set(step, turns[to - 1] - turns[first]);
    }
  }
}
