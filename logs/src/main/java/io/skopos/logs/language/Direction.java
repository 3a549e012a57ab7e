// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

/** Which entries of a log query come first, and which are left out when there are too many. */
public enum Direction {
  /** The newest first. */
  BACKWARD,
  /** The oldest first. */
  FORWARD
}
