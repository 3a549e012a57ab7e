// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import java.io.IOException;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Merges sorted parts block by block, so that memory holds one block of each. */
final class RowMerge {

  private final RowOrder order;
  private final PriorityQueue<Cursor> cursors;

  RowMerge(RowOrder order) {
    this.order = order;
    this.cursors = new PriorityQueue<>((left, right) -> order.compare(left.row(), right.row()));
  }

  void add(RowPart part, long position, RowDeletions deletions) throws IOException {
    Cursor cursor = new Cursor(part, position, deletions);
    if (cursor.advance()) {
      cursors.add(cursor);
    }
  }

  /**
   * Writes what is left, of equal identities the latest.
   *
   * @param tombstones whether hidden rows leave one
   */
  void writeTo(RowPartWriter writer, boolean tombstones) throws IOException {
    RowRef last = null;
    while (!cursors.isEmpty()) {
      Cursor cursor = cursors.remove();
      RowRef row = cursor.row();
      if (last == null || order.compareIdentity(last, row) != 0) {
        writer.add(row, tombstones);
        last = row;
      }
      if (cursor.advance()) {
        cursors.add(cursor);
      }
    }
  }

  /** Where one part's rows have been read to. */
  private static final class Cursor {

    private final RowPart part;
    private final long position;
    private final RowDeletions deletions;
    private int nextBlock;
    private @Nullable RowBlock block;
    private int nextRow;
    private @Nullable RowRef row;

    private Cursor(RowPart part, long position, RowDeletions deletions) {
      this.part = part;
      this.position = position;
      this.deletions = deletions;
    }

    private RowRef row() {
      if (row == null) {
        throw new IllegalStateException("advance first");
      }
      return row;
    }

    /** To the next row; false at the end. */
    private boolean advance() throws IOException {
      while (true) {
        RowBlock current = block;
        if (current == null || nextRow == current.rows()) {
          if (nextBlock == part.blocks()) {
            return false;
          }
          RowPart.Candidate whole =
              part.filter(nextBlock++, Long.MIN_VALUE, Long.MAX_VALUE, List.of());
          block = whole == null ? null : whole.whole();
          nextRow = 0;
          continue;
        }
        row = new RowRef(current, nextRow++, position, deletions);
        return true;
      }
    }
  }
}
