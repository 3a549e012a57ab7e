// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.binary;

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
}
