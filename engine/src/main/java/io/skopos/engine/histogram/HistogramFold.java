// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import io.skopos.model.histogram.NativeHistogram;

/** Several histograms becoming one. */
public sealed interface HistogramFold permits HistogramSum, HistogramMean {

  /** Whether it can be added: exponential and custom buckets have no common form. */
  boolean fits(NativeHistogram other);

  /**
   * @throws IllegalArgumentException when it does not {@link #fits fit}
   */
  void add(NativeHistogram other);

  /** Takes over what another fold of the same kind has got, which is used up. */
  void merge(HistogramFold other);

  /** Whether one of them began with a reset and another one told that there was none. */
  boolean resetsConflict();

  /** Whether custom bounds differed. */
  boolean boundsReconciled();

  NativeHistogram toHistogram();
}
