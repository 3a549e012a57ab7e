// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import io.skopos.model.histogram.NativeHistogram;
import org.jspecify.annotations.Nullable;

/**
 * What histograms count for in a query's budget of samples: as many as would take the same memory,
 * 16 bytes each, as Prometheus counts.
 */
public final class HistogramSize {

  private static final int FIXED_BYTES = 168;
  private static final int TIME_BYTES = 8;
  private static final int SAMPLE_BYTES = 16;

  private HistogramSize() {}

  public static int inSamples(NativeHistogram histogram) {
    int numbers =
        histogram.positive().size()
            + histogram.negative().size()
            + histogram.customValues().length
            + histogram.positive().spans().length / 2
            + histogram.negative().spans().length / 2;
    return (FIXED_BYTES + numbers * Double.BYTES + TIME_BYTES) / SAMPLE_BYTES;
  }

  /** What the first histograms of a column count for more than as many floats. */
  public static long beyondFloats(@Nullable NativeHistogram @Nullable [] column, int size) {
    long weight = 0;
    for (int i = 0; column != null && i < size; i++) {
      NativeHistogram histogram = column[i];
      if (histogram != null) {
        weight += inSamples(histogram) - 1;
      }
    }
    return weight;
  }
}
