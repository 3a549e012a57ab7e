// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.metrics.language.function.WindowEdge;
import java.util.List;

/** What a leaf makes of a series at each step. Plain data. */
public sealed interface Reading {

  /** The newest sample that is not older than the window. */
  record Latest() implements Reading {}

  /** The time of that sample, in seconds. */
  record LatestTime() implements Reading {}

  /** The time of that sample, which must be a float's, as those of info metrics are. */
  record InfoTime() implements Reading {}

  /** The time the counting began whose state that sample is, in seconds; 0 when unknown. */
  record LatestStart() implements Reading {}

  /** The value at the step's very time, interpolated between its neighbours. */
  record Smoothed() implements Reading {}

  /**
   * A range function of all samples in the window.
   *
   * @param scalars by argument: a value per step, or one for all; empty for the range itself
   * @param positions by argument: where it stands in the query text, for annotations
   */
  record Windowed(String function, WindowEdge edge, List<double[]> scalars, List<Integer> positions)
      implements Reading {
    public Windowed {
      scalars = List.copyOf(scalars);
      positions = List.copyOf(positions);
    }
  }
}
