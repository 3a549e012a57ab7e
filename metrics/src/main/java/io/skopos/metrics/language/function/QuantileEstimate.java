// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.histogram.HistogramQuantile;
import io.skopos.engine.histogram.NanObservations;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;

/** Estimates quantiles of both kinds of histograms and tells what stood in the way. */
final class QuantileEstimate {

  private static final String NAN_RESULT =
      "input to histogram_quantile has NaN observations, result is NaN";
  private static final String SKEWED =
      "input to histogram_quantile has NaN observations, result is skewed higher";

  private final VectorCall call;
  private final int argument;
  private final ForcedMonotonicity forced;

  /**
   * @param argument number of the vector in the call
   */
  QuantileEstimate(VectorCall call, int argument) {
    this.call = call;
    this.argument = argument;
    this.forced = new ForcedMonotonicity(call, argument);
  }

  double of(double quantile, Buckets buckets, Labels labels, int step) {
    double estimate = buckets.quantile(quantile);
    forced.note(labels, buckets, step);
    return estimate;
  }

  double of(double quantile, NativeHistogram histogram, Labels labels) {
    double estimate = HistogramQuantile.of(quantile, histogram);
    if (quantile >= 0 && quantile <= 1 && NanObservations.among(histogram)) {
      String text = Double.isNaN(estimate) ? NAN_RESULT : SKEWED;
      String metric = labels.getOrEmpty(Label.METRIC_NAME);
      call.annotations().info(text + AnnotationText.named(metric), call.position(argument));
    }
    return estimate;
  }

  /** All histograms are done. */
  void end() {
    forced.annotate();
  }

  /** Warns of every value of a scalar argument that is no quantile. */
  static void warn(VectorCall call, int argument) {
    double before = 0.5;
    for (double quantile : call.scalar(argument)) {
      if (Double.compare(quantile, before) != 0) {
        String warning = Quantiles.warning(quantile);
        if (warning != null) {
          call.annotations().warn(warning, call.position(argument));
        }
        before = quantile;
      }
    }
  }
}
