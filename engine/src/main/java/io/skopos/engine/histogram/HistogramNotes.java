// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

/**
 * What an operator over floats and histograms has to tell the user. The language puts the texts and
 * positions to it.
 */
public interface HistogramNotes {

  /** Nobody listens. */
  HistogramNotes NONE = new HistogramNotes() {};

  /** Floats and histograms met where only one kind can be; there is no result. */
  default void mixed() {}

  /**
   * Exponential and custom buckets met; there is no result.
   *
   * @param metric the name of the metric that did not fit, or empty
   */
  default void incompatible(String metric) {}

  /** A histogram was passed over, because the operator is about floats. */
  default void ignored() {}

  /** Hints on counter resets contradict each other. */
  default void resetsConflict() {}

  /** Custom bounds differed and were reduced to those in common. */
  default void boundsReconciled() {}
}
