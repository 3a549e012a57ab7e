// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The order of rows in parts and answers: time, then identity; and, of equal ones, the latest
 * first.
 */
final class RowOrder implements Comparator<RowRef> {

  private static final byte[] NOTHING = new byte[0];

  private final List<String> identity;

  RowOrder(RowSchema schema) {
    this.identity = schema.identity();
  }

  @Override
  public int compare(RowRef left, RowRef right) {
    int order = compareIdentity(left, right);
    if (order == 0) {
      order = Long.compare(right.position(), left.position());
    }
    // Of one frame: the row that came later.
    return order != 0 ? order : Integer.compare(right.row(), left.row());
  }

  int compareIdentity(RowRef left, RowRef right) {
    int order = Long.compare(left.block().time(left.row()), right.block().time(right.row()));
    if (order != 0) {
      return order;
    }
    if (!identity.isEmpty()) {
      for (String name : identity) {
        order =
            compareBytes(
                left.block().column(name), left.row(), right.block().column(name), right.row());
        if (order != 0) {
          return order;
        }
      }
      return 0;
    }
    TreeSet<String> names = new TreeSet<>(left.block().columns().keySet());
    names.addAll(right.block().columns().keySet());
    for (String name : names) {
      order =
          compareValues(
              left.block().column(name), left.row(), right.block().column(name), right.row());
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** Of rows in this order, only the first of each identity, hidden or not. */
  List<RowRef> withoutOlder(List<RowRef> sorted) {
    List<RowRef> unique = new ArrayList<>(sorted.size());
    for (RowRef row : sorted) {
      if (unique.isEmpty() || compareIdentity(unique.getLast(), row) != 0) {
        unique.add(row);
      }
    }
    return unique;
  }

  private static int compareValues(
      @Nullable Column left, int leftRow, @Nullable Column right, int rightRow) {
    boolean hasLeft = left != null && left.has(leftRow);
    boolean hasRight = right != null && right.has(rightRow);
    if (!hasLeft || !hasRight) {
      return Boolean.compare(hasLeft, hasRight);
    }
    if (left instanceof Column.Integers a && right instanceof Column.Integers b) {
      return Long.compare(a.values()[leftRow], b.values()[rightRow]);
    }
    if (left instanceof Column.Floats a && right instanceof Column.Floats b) {
      return Long.compare(
          Double.doubleToRawLongBits(a.values()[leftRow]),
          Double.doubleToRawLongBits(b.values()[rightRow]));
    }
    return compareBytes(left, leftRow, right, rightRow);
  }

  private static int compareBytes(
      @Nullable Column left, int leftRow, @Nullable Column right, int rightRow) {
    byte[] leftBytes = NOTHING;
    int leftFrom = 0;
    int leftTo = 0;
    if (left instanceof Column.Bytes bytes) {
      leftBytes = bytes.data();
      leftFrom = bytes.start(leftRow);
      leftTo = bytes.end(leftRow);
    }
    byte[] rightBytes = NOTHING;
    int rightFrom = 0;
    int rightTo = 0;
    if (right instanceof Column.Bytes bytes) {
      rightBytes = bytes.data();
      rightFrom = bytes.start(rightRow);
      rightTo = bytes.end(rightRow);
    }
    return Arrays.compareUnsigned(leftBytes, leftFrom, leftTo, rightBytes, rightFrom, rightTo);
  }
}
