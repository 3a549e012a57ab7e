// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

/** Numbers of the format (docs/formats/logs-part.md). */
final class LogPartFormat {

  static final int VERSION = 1;

  static final int LABELS = 1;
  static final int BLOCKS = 2;
  static final int FILTERS = 3;

  /** Sections from here on may be passed over by readers that do not know them. */
  static final int OPTIONAL = 64;

  /** Rows of a block at most; writers close it long before. */
  static final int MOST_ROWS = 1 << 20;

  /** Columns within columns at most. */
  static final int DEPTH = 4;

  private LogPartFormat() {}
}
