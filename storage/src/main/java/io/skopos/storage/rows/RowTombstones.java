// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

/**
 * What is left of a deleted row while an older part may hold a version that it had replaced, and
 * which the deletion does not fit: time and identity, so that the older one does not come back. A
 * merge with the older parts drops it.
 */
final class RowTombstones {

  private RowTombstones() {}

  static boolean is(RowBlock block, int row) {
    Column marks = block.column(RowSchema.TOMBSTONE);
    return marks != null && marks.has(row);
  }

  static void add(RowSchema schema, RowBlock block, int row, RowBlockBuilder into) {
    into.row(block.time(row));
    for (String name : schema.identity()) {
      if (block.column(name) instanceof Column.Bytes bytes && bytes.has(row)) {
        into.bytes(name, bytes.data(), bytes.start(row), bytes.length(row));
      }
    }
    into.integer(RowSchema.TOMBSTONE, 1);
  }
}
