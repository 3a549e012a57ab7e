// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.engine.histogram.CounterReset;
import io.skopos.engine.histogram.HistogramEquality;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;

/**
 * {@code changes} and {@code resets}: how often a sample differs from, or begins anew after, the
 * one before it. Counted once over the series; a window is a difference of two counts.
 *
 * @param onlyResets {@code resets}
 */
record TurnsFunction(boolean onlyResets) implements RangeFunction {

  @Override
  public RangeKernel kernel(RangeCall call) {
    return new Kernel(call);
  }

  @Override
  public Histograms histograms() {
    return Histograms.AMONG_FLOATS;
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
        if (i > 0 && isTurn(i)) {
          count++;
        }
        turns[i] = count;
      }
    }

    private boolean isTurn(int i) {
      NativeHistogram before = histogramAt(i - 1);
      NativeHistogram now = histogramAt(i);
      if ((before == null) != (now == null)) {
        return true;
      }
      if (!onlyResets) {
        return before == null || now == null
            ? values[i] != values[i - 1]
                && !(Double.isNaN(values[i]) && Double.isNaN(values[i - 1]))
            : !HistogramEquality.holds(before, now);
      }
      if (startsMs != null
          && StartTimes.isReset(startsMs[i - 1], timesMs[i - 1], startsMs[i], timesMs[i])) {
        return true;
      }
      return before == null || now == null
          ? values[i] < values[i - 1]
          : CounterReset.between(before, now);
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
