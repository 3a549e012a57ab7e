// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

/** How a range selector treats the ends of its window (the modifiers of that name). */
public enum WindowEdge {
  /** Samples in (start, end]. */
  PLAIN,
  /** As plain, and samples up to the lookback before the window's start. */
  ANCHORED,
  /** As anchored, and samples up to the lookback behind the window's end. */
  SMOOTHED
}
