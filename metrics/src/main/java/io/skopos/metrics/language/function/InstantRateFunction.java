// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.engine.histogram.CounterReset;
import io.skopos.engine.histogram.HistogramSum;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;

/**
 * {@code irate} and {@code idelta}: the difference of a window's last two samples.
 *
 * @param counter {@code irate}: per second, and after a reset counted from zero
 */
record InstantRateFunction(boolean counter) implements RangeFunction {

  @Override
  public RangeKernel kernel(RangeCall call) {
    return new Kernel(counter, call);
  }

  @Override
  public Histograms histograms() {
    return Histograms.AMONG_FLOATS;
  }

  private static final class Kernel extends SeriesKernel {

    private final boolean counter;
    private final RangeCall call;

    Kernel(boolean counter, RangeCall call) {
      this.counter = counter;
      this.call = call;
    }

    @Override
    public void window(int step, int from, int to, StepRow out) {
      if (to - from < 2) {
        return;
      }
      if (histograms != null) {
        NativeHistogram before = histogramAt(to - 2);
        NativeHistogram last = histogramAt(to - 1);
        if (before != null && last != null) {
          histograms(step, before, last, to - 1, out);
          return;
        }
        if (before != null || last != null) {
          call.annotations().warn(AnnotationText.mixedSamples(metric()), call.position(0));
          return;
        }
      }
      double last = values[to - 1];
      double before = values[to - 2];
      boolean reset = counter && (last < before || startsAnew(to - 1));
      double difference = reset ? last : last - before;
      out.set(step, counter ? difference / seconds(to - 1) : difference);
    }

    private void histograms(
        int step, NativeHistogram before, NativeHistogram last, int index, StepRow out) {
      if (counter && (last.isGauge() || before.isGauge())) {
        call.annotations().warn(AnnotationText.notCounter(metric()), call.position(0));
      }
      if (!counter && !(last.isGauge() && before.isGauge())) {
        call.annotations().warn(AnnotationText.notGauge(metric()), call.position(0));
      }
      HistogramSum difference = HistogramSum.of(last);
      if (!counter || !(startsAnew(index) || CounterReset.between(before, last))) {
        if (!difference.fits(before)) {
          call.annotations().warn(AnnotationText.mixedBuckets(metric()), call.position(0));
          return;
        }
        difference.subtract(before);
        if (difference.boundsReconciled()) {
          call.annotations()
              .info(
                  AnnotationText.boundsReconciled(AnnotationText.Operation.SUBTRACTION),
                  call.position(0));
        }
      }
      if (counter) {
        difference.divide(seconds(index));
      }
      difference.hint(ResetHint.GAUGE);
      out.set(step, difference.toHistogram());
    }

    private boolean startsAnew(int index) {
      return startsMs != null
          && StartTimes.isReset(
              startsMs[index - 1], timesMs[index - 1], startsMs[index], timesMs[index]);
    }

    private double seconds(int index) {
      return (timesMs[index] - timesMs[index - 1]) / 1000.0;
    }
  }
}
