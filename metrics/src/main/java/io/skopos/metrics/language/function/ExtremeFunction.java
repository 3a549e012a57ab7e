// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.model.Labels;
import org.jspecify.annotations.Nullable;

/**
 * {@code min_over_time}, {@code max_over_time}, {@code ts_of_min_over_time} and {@code
 * ts_of_max_over_time}. NaN gives way to every other value. The time is that of the last of equal
 * values, the value that of the first, which matters only to the sign of zero.
 *
 * <p>Windows slide as in {@link SumFunction}, with the best index instead of a sum.
 *
 * @param max the largest, else the smallest
 * @param time its time in seconds, else its value
 */
record ExtremeFunction(boolean max, boolean time) implements RangeFunction {

  @Override
  public RangeKernel kernel(RangeCall call) {
    return new Kernel(max, time);
  }

  @Override
  public @Nullable AggregatedKernel aggregatedKernel(RangeCall call) {
    if (time) {
      return null;
    }
    return (step, samples, from, to, out) -> {
      double[] column = max ? samples.maxs : samples.mins;
      double best = column[from];
      for (int i = from + 1; i < to; i++) {
        double value = column[i];
        best = max ? (value > best ? value : best) : (value < best ? value : best);
      }
      out.set(step, best);
    };
  }

  private static final class Kernel extends SeriesKernel {

    private final boolean max;
    private final boolean time;
    private int[] bestToMiddle = new int[64];
    private int middle;
    private int end;
    private int best;

    Kernel(boolean max, boolean time) {
      this.max = max;
      this.time = time;
    }

    @Override
    void begin(Labels labels, int size) {
      middle = 0;
      end = 0;
      best = -1;
      if (bestToMiddle.length < size) {
        bestToMiddle = new int[values.length];
      }
    }

    @Override
    public void window(int step, int from, int to, StepRow out) {
      if (from >= middle) {
        int leading = to - 1;
        bestToMiddle[leading] = leading;
        for (int i = to - 2; i >= from; i--) {
          leading = better(i, leading);
          bestToMiddle[i] = leading;
        }
        middle = to;
        end = to;
        best = -1;
      } else {
        while (end < to) {
          best = best < 0 ? end : better(best, end);
          end++;
        }
      }
      int index = best;
      if (from < middle) {
        index = best < 0 ? bestToMiddle[from] : better(bestToMiddle[from], best);
      }
      out.set(step, time ? timesMs[index] / 1000.0 : values[index]);
    }

    private int better(int earlier, int later) {
      double before = values[earlier];
      double behind = values[later];
      if (Double.isNaN(before)) {
        return later;
      }
      if (before == behind) {
        return time ? later : earlier;
      }
      boolean laterWins = max ? behind > before : behind < before;
      return laterWins ? later : earlier;
    }
  }
}
