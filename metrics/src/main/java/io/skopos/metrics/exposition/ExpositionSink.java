// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.model.Labels;

/** Where a parser puts what it reads, in the order of the body's lines. */
public interface ExpositionSink {

  /** The time of a sample (or exemplar) whose line carried none. */
  long NO_TIME = Long.MIN_VALUE;

  /**
   * One sample.
   *
   * @param series the same object for the same labels, as long as the cache keeps it
   * @param timeMs Unix milliseconds, or {@link #NO_TIME}
   */
  void sample(StoredSeries series, double value, long timeMs);

  /** A sample whose series the cache's mapping dropped. */
  default void dropped() {}

  /** The exemplar of the sample reported just before. */
  default void exemplar(StoredSeries series, Labels labels, double value, long timeMs) {}

  /**
   * A metadata line. Lines the {@link SeriesCache} knows from before are not told again.
   *
   * @param type as in the Prometheus API, so {@code unknown} for {@code untyped}, when the field is
   *     {@link MetadataField#TYPE}; else the unescaped text
   */
  default void metadata(MetadataField field, String family, String type) {}

  /**
   * A line that cannot be read.
   *
   * @return true to go on with the next line, false to end with that exception
   */
  default boolean badLine(ExpositionException problem) {
    return false;
  }
}
