// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a query answers with, in Prometheus' four shapes. Times are Unix milliseconds. */
public sealed interface QueryValue {

  /** A number without labels. */
  record Scalar(long timeMs, double value) implements QueryValue {}

  /** A string literal. */
  record Text(long timeMs, String value) implements QueryValue {}

  /** At most one sample per label set; order matters only where the language says so. */
  record Vector(List<Sample> samples) implements QueryValue {}

  /** Points per label set, sorted by labels. */
  record Matrix(List<Series> series) implements QueryValue {}

  /**
   * A sample of an instant vector.
   *
   * @param histogram null for a float; else the sample is the histogram, not the value
   */
  record Sample(Labels labels, long timeMs, double value, @Nullable NativeHistogram histogram) {

    public Sample(Labels labels, long timeMs, double value) {
      this(labels, timeMs, value, null);
    }
  }

  /**
   * Times ascend; all arrays hold exactly the points.
   *
   * @param histograms null when all points are floats; else null for each that is one
   */
  @SuppressWarnings("ArrayRecordComponent") // Columns on their way out, never compared.
  record Series(
      Labels labels,
      long[] timesMs,
      double[] values,
      @Nullable NativeHistogram @Nullable [] histograms) {

    public Series(Labels labels, long[] timesMs, double[] values) {
      this(labels, timesMs, values, null);
    }

    /** The histogram of a point, or null for a float. */
    public @Nullable NativeHistogram histogram(int point) {
      return histograms == null ? null : histograms[point];
    }
  }
}
