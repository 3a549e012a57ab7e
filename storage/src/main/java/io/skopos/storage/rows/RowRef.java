// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

/**
 * A row where it lies, the log position it came with (of a part: the part's greatest), and the
 * deletions in force there.
 */
record RowRef(RowBlock block, int row, long position, RowDeletions deletions) {

  /**
   * Whether the row is not to be seen. Asked only of the latest of equal identities: a hidden row
   * still replaces the older ones.
   */
  boolean hidden() {
    return RowTombstones.is(block, row) || deletions.hides(this);
  }
}
