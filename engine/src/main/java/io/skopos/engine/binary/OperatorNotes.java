// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.binary;

import io.skopos.model.Labels;

/** What a binary operator has to tell the user. The language puts the texts and positions to it. */
public interface OperatorNotes {

  /** Nobody listens. */
  OperatorNotes NONE = new OperatorNotes() {};

  /** The operator does not work on these kinds of points; there is no result. */
  default void incompatibleTypes(boolean leftIsHistogram, boolean rightIsHistogram) {}

  /** Exponential and custom buckets met; there is no result. */
  default void incompatibleBuckets() {}

  /** Hints on counter resets contradict each other. */
  default void resetsConflict() {}

  /** Custom bounds differed and were reduced to those in common. */
  default void boundsReconciled() {}

  /**
   * The text of the failure when the side that is to have one series in each match group has two.
   */
  default String duplicateSeries(Labels group, boolean onLeft, Labels first, Labels second) {
    return "found duplicate series for the match group "
        + group
        + " on the "
        + (onLeft ? "left" : "right")
        + " hand-side of the operation: ["
        + first
        + ", "
        + second
        + "];many-to-many matching not allowed: matching labels must be unique on one side";
  }
}
