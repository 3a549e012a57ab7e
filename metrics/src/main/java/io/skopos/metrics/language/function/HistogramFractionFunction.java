// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;
import io.skopos.engine.histogram.HistogramFraction;
import io.skopos.engine.histogram.NanObservations;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;

/** {@code histogram_fraction}. */
record HistogramFractionFunction() implements VectorFunction {

  private static final String NAN_EXCLUDED =
      "input to histogram_fraction has NaN observations, which are excluded from all fractions";

  @Override
  public StepBlock apply(VectorCall call) {
    double[] lower = call.scalar(0);
    double[] upper = call.scalar(1);
    StepBlock.Builder builder = new StepBlock.Builder(call.grid(), 16);
    new HistogramVector(call, 2)
        .forEach(
            new HistogramVector.Visitor() {
              private Labels labels = Labels.EMPTY;
              private int row;

              @Override
              public void begin(Labels histogramLabels) {
                labels = histogramLabels;
                row = builder.add(labels, true);
              }

              @Override
              public void classic(int step, Buckets buckets) {
                builder.set(row, step, buckets.fraction(lower[step], upper[step]));
              }

              @Override
              public void nativeHistogram(int step, NativeHistogram histogram) {
                if (NanObservations.among(histogram)) {
                  String metric = labels.getOrEmpty(Label.METRIC_NAME);
                  call.annotations()
                      .info(NAN_EXCLUDED + AnnotationText.named(metric), call.position(2));
                }
                builder.set(
                    row, step, HistogramFraction.between(lower[step], upper[step], histogram));
              }
            });
    return builder.build();
  }
}
