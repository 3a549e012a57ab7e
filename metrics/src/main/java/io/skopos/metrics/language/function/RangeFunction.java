// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

/** A function of a range vector that looks at each series by itself. Stateless and thread-safe. */
public interface RangeFunction {

  /** A fresh kernel for one call and one thread; it sees series after series. */
  RangeKernel kernel(RangeCall call);

  /** Whether results keep the metric's name ({@code last_over_time}). */
  default boolean keepsName() {
    return false;
  }
}
