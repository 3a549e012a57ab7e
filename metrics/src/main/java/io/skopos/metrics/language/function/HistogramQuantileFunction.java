// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;

/** {@code histogram_quantile}. */
record HistogramQuantileFunction() implements VectorFunction {

  @Override
  public StepBlock apply(VectorCall call) {
    double[] quantiles = call.scalar(0);
    QuantileEstimate.warn(call, 0);
    QuantileEstimate estimate = new QuantileEstimate(call, 1);
    StepBlock.Builder builder = new StepBlock.Builder(call.grid(), 16);
    new HistogramVector(call, 1)
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
                builder.set(row, step, estimate.of(quantiles[step], buckets, labels, step));
              }

              @Override
              public void nativeHistogram(int step, NativeHistogram histogram) {
                builder.set(row, step, estimate.of(quantiles[step], histogram, labels));
              }
            });
    estimate.end();
    return builder.build();
  }
}
