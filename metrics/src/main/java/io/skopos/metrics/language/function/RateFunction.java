// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.metrics.language.ast.StringSyntax;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import java.util.Arrays;

/**
 * {@code rate}, {@code increase} and {@code delta}: the difference between a window's last and
 * first sample, counter resets made good, extrapolated to the window's ends as far as samples are
 * likely to have been there.
 *
 * <p>The resets of a series are found once; a window adds up only those inside it, in order, so a
 * counter without resets costs the same for every window length and sums round as in Prometheus.
 *
 * @param counter whether falling values mean a restart from zero
 * @param perSecond whether the result is divided by the window's length
 */
record RateFunction(boolean counter, boolean perSecond) implements RangeFunction {

  @Override
  public RangeKernel kernel(RangeCall call) {
    return call.edge() == WindowEdge.PLAIN
        ? new Extrapolating(this, call)
        : new BoundaryRate(this, call);
  }

  private static final class Extrapolating extends SeriesKernel {

    private final boolean counter;
    private final boolean perSecond;
    private final RangeCall call;
    private Labels labels = Labels.EMPTY;
    private boolean nameChecked;

    /** Indices of samples below their predecessor, and the first of them not passed yet. */
    private int[] resets = new int[16];

    private int resetCount;
    private int firstReset;

    Extrapolating(RateFunction function, RangeCall call) {
      this.counter = function.counter;
      this.perSecond = function.perSecond;
      this.call = call;
    }

    @Override
    void begin(Labels newLabels, int size) {
      labels = newLabels;
      nameChecked = !counter;
      firstReset = 0;
      resetCount = 0;
      if (!counter) {
        return;
      }
      double[] column = values;
      for (int i = 1; i < size; i++) {
        if (column[i] < column[i - 1]) {
          if (resetCount == resets.length) {
            resets = Arrays.copyOf(resets, resetCount * 2);
          }
          resets[resetCount++] = i;
        }
      }
    }

    @Override
    public void window(int step, int from, int to, StepRow out) {
      int last = to - 1;
      if (last == from) {
        return;
      }
      double first = values[from];
      double difference = values[last] - first;
      while (firstReset < resetCount && resets[firstReset] <= from) {
        firstReset++;
      }
      for (int i = firstReset; i < resetCount && resets[i] <= last; i++) {
        difference += values[resets[i] - 1];
      }

      long end = call.windowEndMs(step);
      double sampled = (timesMs[last] - timesMs[from]) / 1000.0;
      double toStart = (timesMs[from] - (end - call.rangeMs())) / 1000.0;
      double toEnd = (end - timesMs[last]) / 1000.0;
      double spacing = sampled / (last - from);
      // Ends further away than a sample might be late are not reached: the series began or ended
      // inside, on average half a spacing away.
      double reachable = spacing * 1.1;
      if (toStart >= reachable) {
        toStart = spacing / 2;
      }
      if (counter && difference > 0 && first >= 0) {
        // Going back in time a counter cannot fall below zero.
        toStart = Math.min(toStart, sampled * (first / difference));
      }
      if (toEnd >= reachable) {
        toEnd = spacing / 2;
      }
      double factor = (sampled + toStart + toEnd) / sampled;
      if (perSecond) {
        factor /= call.rangeMs() / 1000.0;
      }
      out.set(step, difference * factor);
      if (!nameChecked) {
        CounterName.check(labels, call);
        nameChecked = true;
      }
    }
  }

  /** The note on metrics whose names do not say that they count. */
  static final class CounterName {

    private CounterName() {}

    static void check(Labels labels, RangeCall call) {
      String name = labels.getOrEmpty(Label.METRIC_NAME);
      if (!name.isEmpty()
          && !name.endsWith("_total")
          && !name.endsWith("_sum")
          && !name.endsWith("_count")
          && !name.endsWith("_bucket")) {
        call.annotations()
            .info(
                "metric might not be a counter, name does not end in"
                    + " _total/_sum/_count/_bucket: "
                    + StringSyntax.quote(name),
                call.position(0));
      }
    }
  }
}
