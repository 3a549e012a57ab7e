// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.engine.text.StringSyntax;
import io.skopos.metrics.store.AggregatedSamples;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code rate}, {@code increase} and {@code delta}: the difference between a window's last and
 * first sample, counter resets made good, extrapolated to the window's ends as far as samples are
 * likely to have been there. Start times tell of more resets, and where a counter began.
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

  @Override
  public Histograms histograms() {
    return Histograms.APART;
  }

  @Override
  public RangeKernel histogramKernel(RangeCall call) {
    return call.edge() == WindowEdge.PLAIN
        ? new HistogramRate(this, call)
        : new BoundaryHistogramRate(this, call);
  }

  @Override
  public @Nullable AggregatedKernel aggregatedKernel(RangeCall call) {
    return call.edge() == WindowEdge.PLAIN ? new OfAggregates(this, call) : null;
  }

  /** What {@link Extrapolating} makes of samples without starts. */
  private static final class OfAggregates implements AggregatedKernel {

    private final boolean counter;
    private final boolean perSecond;
    private final RangeCall call;
    private final SeenName nameSeen = new SeenName();
    private Labels labels = Labels.EMPTY;

    OfAggregates(RateFunction function, RangeCall call) {
      this.counter = function.counter;
      this.perSecond = function.perSecond;
      this.call = call;
    }

    @Override
    public void series(Labels newLabels) {
      labels = newLabels;
    }

    @Override
    public void window(int step, AggregatedSamples samples, int from, int to, StepRow out) {
      int last = to - 1;
      int count = 0;
      for (int i = from; i < to; i++) {
        count += samples.counts[i];
      }
      if (count < 2) {
        return;
      }
      double first = samples.firsts[from];
      double difference = samples.lasts[last] - first;
      if (counter) {
        for (int i = from; i < to; i++) {
          if (i > from && samples.firsts[i] < samples.lasts[i - 1]) {
            difference += samples.lasts[i - 1];
          }
          difference += samples.corrections[i];
        }
      }
      long end = call.windowEndMs(step);
      Extrapolation extrapolation =
          new Extrapolation(
              end - call.rangeMs(), end, samples.firstMs[from], samples.lastMs[last], count - 1);
      if (counter) {
        extrapolation.notBelowZero(first, difference);
        if (!nameSeen.isOf(labels)) {
          CounterName.check(labels, call);
        }
      }
      out.set(step, difference * extrapolation.factor(perSecond, call.rangeMs()));
    }
  }

  private static final class Extrapolating extends SeriesKernel {

    private final boolean counter;
    private final boolean perSecond;
    private final RangeCall call;
    private boolean nameChecked;
    private final SeenName nameSeen = new SeenName();
    private boolean overlapFound;

    /** Indices of samples that count from zero, and the first of them not passed yet. */
    private int[] resets = new int[16];

    private int resetCount;
    private int firstReset;

    Extrapolating(RateFunction function, RangeCall call) {
      this.counter = function.counter;
      this.perSecond = function.perSecond;
      this.call = call;
    }

    @Override
    void begin(Labels labels, int size) {
      nameChecked = !counter;
      overlapFound = false;
      firstReset = 0;
      resetCount = 0;
      if (!counter) {
        return;
      }
      double[] column = values;
      if (startsMs != null) {
        beginWithStarts(startsMs, size);
        return;
      }
      for (int i = 1; i < size; i++) {
        if (column[i] < column[i - 1]) {
          addReset(i);
        }
      }
    }

    private void beginWithStarts(long[] starts, int size) {
      for (int i = 1; i < size; i++) {
        if (values[i] < values[i - 1]
            || StartTimes.isReset(starts[i - 1], timesMs[i - 1], starts[i], timesMs[i])) {
          addReset(i);
        }
      }
    }

    private void addReset(int index) {
      if (resetCount == resets.length) {
        resets = Arrays.copyOf(resets, resetCount * 2);
      }
      resets[resetCount++] = index;
    }

    @Override
    public void window(int step, int from, int to, StepRow out) {
      int last = to - 1;
      if (last == from && startsMs == null) {
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
      Extrapolation extrapolation =
          new Extrapolation(end - call.rangeMs(), end, timesMs[from], timesMs[last], last - from);
      if (counter && startsMs != null && extrapolation.beginsInside(startsMs[from])) {
        extrapolation.beginAt(startsMs[from]);
        difference += first;
      } else if (last == from) {
        return;
      } else if (counter) {
        extrapolation.notBelowZero(first, difference);
      }
      out.set(step, difference * extrapolation.factor(perSecond, call.rangeMs()));
      annotate(from, last);
    }

    private void annotate(int from, int last) {
      if (!nameChecked) {
        if (!nameSeen.isOf(labels())) {
          CounterName.check(labels(), call);
        }
        nameChecked = true;
      }
      for (int i = from + 1; startsMs != null && counter && !overlapFound && i <= last; i++) {
        if (StartTimes.overlap(startsMs[i - 1], timesMs[i - 1], startsMs[i])) {
          call.annotations().warn(AnnotationText.startsOverlap(metric()), call.position(0));
          overlapFound = true;
        }
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
