// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A kernel that keeps the columns of the series it is on. */
abstract class SeriesKernel implements RangeKernel {

  private static final long[] NO_TIMES = {};
  private static final double[] NO_VALUES = {};

  long[] timesMs = NO_TIMES;
  double[] values = NO_VALUES;

  /** Null when all samples are floats. */
  @Nullable NativeHistogram @Nullable [] histograms;

  /** Null when no start is known; 0 where one is not. */
  long @Nullable [] startsMs;

  private Labels labels = Labels.EMPTY;

  @Override
  public final void series(Labels newLabels, SampleBuffer samples) {
    labels = newLabels;
    timesMs = samples.timesMs;
    values = samples.values;
    histograms = samples.histograms;
    startsMs = samples.startsMs;
    begin(newLabels, samples.size);
  }

  /** A series begins; its columns are set. */
  void begin(Labels newLabels, int size) {}

  Labels labels() {
    return labels;
  }

  /** The name of the metric, for notes. */
  String metric() {
    return labels.getOrEmpty(Label.METRIC_NAME);
  }

  /** The histogram of a sample, or null for a float. */
  @Nullable NativeHistogram histogramAt(int index) {
    return histograms == null ? null : histograms[index];
  }

  /** The histogram of a sample that is one. */
  NativeHistogram histogram(int index) {
    return Objects.requireNonNull(histogramAt(index));
  }
}
