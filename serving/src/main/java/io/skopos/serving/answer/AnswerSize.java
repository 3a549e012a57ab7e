// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.answer;

import io.skopos.engine.QueryValue;
import io.skopos.engine.histogram.HistogramSize;
import io.skopos.model.histogram.NativeHistogram;
import org.jspecify.annotations.Nullable;

/** About how much heap an answer takes while a client reads it. */
public final class AnswerSize {

  /** A sample or series of the list, its label set, and their headers. */
  private static final int ENTRY_BYTES = 120;

  private static final int POINT_BYTES = 16;

  private AnswerSize() {}

  public static long heapBytes(QueryValue value) {
    long bytes = 0;
    switch (value) {
      case QueryValue.Scalar _ -> {}
      case QueryValue.Text text -> bytes = 2L * text.value().length();
      case QueryValue.Vector vector -> {
        for (QueryValue.Sample sample : vector.samples()) {
          bytes += ENTRY_BYTES + sample.labels().canonicalBytes().length;
          bytes += histogramBytes(sample.histogram());
        }
      }
      case QueryValue.Matrix matrix -> {
        for (QueryValue.Series series : matrix.series()) {
          bytes += ENTRY_BYTES + series.labels().canonicalBytes().length;
          bytes += (long) POINT_BYTES * series.timesMs().length;
          for (int i = 0; series.histograms() != null && i < series.timesMs().length; i++) {
            bytes += histogramBytes(series.histogram(i));
          }
        }
      }
    }
    return bytes;
  }

  private static long histogramBytes(@Nullable NativeHistogram histogram) {
    return histogram == null ? 0 : (long) POINT_BYTES * HistogramSize.inSamples(histogram);
  }
}
