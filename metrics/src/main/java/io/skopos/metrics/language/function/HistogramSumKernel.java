// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.engine.histogram.HistogramFold;
import io.skopos.engine.histogram.HistogramMean;
import io.skopos.engine.histogram.HistogramSum;

/** {@code sum_over_time} and {@code avg_over_time} of histograms, window by window. */
final class HistogramSumKernel extends SeriesKernel {

  private final boolean average;
  private final RangeCall call;

  HistogramSumKernel(boolean average, RangeCall call) {
    this.average = average;
    this.call = call;
  }

  @Override
  public void window(int step, int from, int to, StepRow out) {
    HistogramFold fold =
        average ? new HistogramMean(histogram(from)) : HistogramSum.of(histogram(from));
    for (int i = from + 1; i < to; i++) {
      if (!fold.fits(histogram(i))) {
        call.annotations().warn(AnnotationText.mixedBuckets(metric()), call.position(0));
        return;
      }
      fold.add(histogram(i));
    }
    if (fold.resetsConflict()) {
      call.annotations()
          .warn(
              AnnotationText.resetsConflict(AnnotationText.Operation.AGGREGATION),
              call.position(0));
    }
    if (fold.boundsReconciled()) {
      call.annotations()
          .info(
              AnnotationText.boundsReconciled(AnnotationText.Operation.AGGREGATION),
              call.position(0));
    }
    out.set(step, fold.toHistogram());
  }
}
