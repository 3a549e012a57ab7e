// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.engine.histogram.CounterReset;
import io.skopos.engine.histogram.HistogramSum;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;

/** {@link ExactIncreaseFunction} of histograms. */
final class ExactHistogramIncrease extends SeriesKernel {

  private final RangeCall call;
  private final boolean perSecond;

  ExactHistogramIncrease(RangeCall call, boolean perSecond) {
    this.call = call;
    this.perSecond = perSecond;
  }

  @Override
  public void window(int step, int from, int to, StepRow out) {
    long start = call.windowEndMs(step) - call.rangeMs();
    int first = ExactIncrease.firstInside(timesMs, from, to, start);
    if (first == to) {
      return;
    }
    boolean born =
        startsMs != null && ExactIncrease.bornInside(startsMs[first], timesMs[first], start);
    // What the first sample is compared with: the one before, nothing, or itself.
    int base = first > from ? first - 1 : born ? -1 : first;
    HistogramSum gained = HistogramSum.of(histogram(to - 1));
    if (base >= 0 && !take(gained, histogram(base), true)) {
      return;
    }
    for (int i = (base < 0 ? first : base) + 1; i < to; i++) {
      if (isReset(i) && !take(gained, histogram(i - 1), false)) {
        return;
      }
    }
    noteGauges(first, to);
    if (perSecond) {
      gained.divide(call.rangeMs() / 1000.0);
    }
    gained.hint(ResetHint.GAUGE);
    out.set(step, gained.toHistogram());
  }

  private void noteGauges(int first, int to) {
    for (int i = first; i < to; i++) {
      if (histogram(i).isGauge()) {
        call.annotations().warn(AnnotationText.notCounter(metric()), call.position(0));
        return;
      }
    }
  }

  private boolean isReset(int i) {
    return CounterReset.between(histogram(i - 1), histogram(i))
        || (startsMs != null
            && StartTimes.isReset(startsMs[i - 1], timesMs[i - 1], startsMs[i], timesMs[i]));
  }

  private boolean take(HistogramSum gained, NativeHistogram histogram, boolean away) {
    if (!gained.fits(histogram)) {
      call.annotations().warn(AnnotationText.mixedBuckets(metric()), call.position(0));
      return false;
    }
    if (away) {
      gained.subtract(histogram);
    } else {
      gained.add(histogram);
    }
    if (gained.boundsReconciled()) {
      AnnotationText.Operation operation =
          away ? AnnotationText.Operation.SUBTRACTION : AnnotationText.Operation.ADDITION;
      call.annotations().info(AnnotationText.boundsReconciled(operation), call.position(0));
      gained.forgetReconciled();
    }
    return true;
  }
}
