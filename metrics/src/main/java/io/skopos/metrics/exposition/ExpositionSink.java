// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;

/** Where a parser puts what it reads, in the body's order. */
public interface ExpositionSink {

  /** The time of a sample (or exemplar) whose line carried none. */
  long NO_TIME = Long.MIN_VALUE;

  /** The start of a sample when the target told none. */
  long NO_START = 0;

  /**
   * One sample.
   *
   * @param series the same object for the same labels, as long as the cache keeps it
   * @param timeMs Unix milliseconds, or {@link #NO_TIME}
   * @param startMs when the counting began, in Unix milliseconds, or {@link #NO_START}
   */
  void sample(StoredSeries series, double value, long timeMs, long startMs);

  /**
   * One native histogram, complete and checked.
   *
   * @param series may have float samples in the same body, in mixed-up targets
   * @param timeMs as of a sample
   * @param startMs as of a sample
   */
  void histogram(StoredSeries series, NativeHistogram histogram, long timeMs, long startMs);

  /** A sample whose series the cache's mapping dropped. */
  default void dropped() {}

  /** An exemplar of the sample or histogram reported just before; a histogram may have several. */
  default void exemplar(StoredSeries series, Labels labels, double value, long timeMs) {}

  /**
   * A metadata line. Lines the {@link SeriesCache} knows from before are not told again.
   *
   * @param type as in the Prometheus API, so {@code unknown} for {@code untyped}, when the field is
   *     {@link MetadataField#TYPE}; else the unescaped text
   */
  default void metadata(MetadataField field, String family, String type) {}

  /**
   * A line, or in protobuf a metric, that cannot be read.
   *
   * @return true to go on behind it, false to end with that exception
   */
  default boolean badLine(ExpositionException problem) {
    return false;
  }
}
