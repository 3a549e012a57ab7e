// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;
import io.skopos.engine.text.NumberText;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.histogram.NativeHistogram;
import java.util.HashMap;
import java.util.Map;

/** {@code histogram_quantiles}: several quantiles at once, each in a series of its own. */
record HistogramQuantilesFunction() implements VectorFunction {

  @Override
  public StepBlock apply(VectorCall call) {
    String label = call.text(1);
    for (int argument = 2; argument < call.arguments(); argument++) {
      QuantileEstimate.warn(call, argument);
    }
    QuantileEstimate estimate = new QuantileEstimate(call, 0);
    HistogramVector histograms = new HistogramVector(call, 0);
    Rows rows = new Rows(call, label);
    for (int argument = 2; argument < call.arguments(); argument++) {
      double[] quantiles = call.scalar(argument);
      histograms.forEach(
          new HistogramVector.Visitor() {
            private Labels labels = Labels.EMPTY;

            @Override
            public void begin(Labels histogramLabels) {
              labels = histogramLabels;
            }

            @Override
            public void classic(int step, Buckets buckets) {
              double quantile = quantiles[step];
              rows.set(labels, quantile, step, estimate.of(quantile, buckets, labels, step));
            }

            @Override
            public void nativeHistogram(int step, NativeHistogram histogram) {
              double quantile = quantiles[step];
              rows.set(labels, quantile, step, estimate.of(quantile, histogram, labels));
            }
          });
    }
    estimate.end();
    return rows.builder.build();
  }

  /** A quantile may change from step to step, and its label with it. */
  private static final class Rows {

    private final String label;
    private final StepBlock.Builder builder;
    private final Map<Labels, Integer> rows = new HashMap<>();

    Rows(VectorCall call, String label) {
      this.label = label;
      this.builder = new StepBlock.Builder(call.grid(), 16);
    }

    void set(Labels histogram, double quantile, int step, double value) {
      Labels labels = new LabelsBuilder(histogram).set(label, openMetrics(quantile)).build();
      int row = rows.computeIfAbsent(labels, key -> builder.add(key, true));
      builder.set(row, step, value);
    }
  }

  /** Whole numbers with a fraction of zero, as OpenMetrics writes {@code quantile} labels. */
  private static String openMetrics(double value) {
    String text = NumberText.shortest(value);
    boolean whole = text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
    return whole ? text + ".0" : text;
  }
}
