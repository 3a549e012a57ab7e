// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import org.jspecify.annotations.Nullable;

/** A function of a range vector that looks at each series by itself. Stateless and thread-safe. */
public interface RangeFunction {

  /** What becomes of native histograms. */
  enum Histograms {
    /** Passed over, with a note where a window has floats too. */
    IGNORED,
    /** For the {@link #histogramKernel}; a window with floats too has a warning and no result. */
    APART,
    /** The {@link #kernel} sees them among the floats. */
    AMONG_FLOATS
  }

  /** A fresh kernel for one call and one thread; it sees series after series. */
  RangeKernel kernel(RangeCall call);

  default Histograms histograms() {
    return Histograms.IGNORED;
  }

  /** Likewise for the histograms of series, when they are {@link Histograms#APART}. */
  default @Nullable RangeKernel histogramKernel(RangeCall call) {
    return null;
  }

  /** Whether windows need the sample before them, if it is not older than the lookback. */
  default boolean reachesBack() {
    return false;
  }

  /** Likewise of aggregates; null when the function needs the samples. */
  default @Nullable AggregatedKernel aggregatedKernel(RangeCall call) {
    return null;
  }

  /** Whether results depend on what the samples are, not only on when they were. */
  default boolean looksAtValues() {
    return true;
  }

  /** Whether results keep the metric's name ({@code last_over_time}). */
  default boolean keepsName() {
    return false;
  }
}
