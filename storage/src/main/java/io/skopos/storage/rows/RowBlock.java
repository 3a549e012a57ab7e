// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Some rows, column by column; immutable. Columns that no row has are not in it. */
public final class RowBlock {

  private final long[] times;
  private final Map<String, Column> columns;
  private final long minTime;
  private final long maxTime;

  RowBlock(long[] times, Map<String, Column> columns) {
    this.times = times;
    this.columns = new TreeMap<>(columns);
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (long time : times) {
      min = Math.min(min, time);
      max = Math.max(max, time);
    }
    this.minTime = min;
    this.maxTime = max;
  }

  public int rows() {
    return times.length;
  }

  public long time(int row) {
    return times[row];
  }

  long[] times() {
    return times;
  }

  public long minTime() {
    return minTime;
  }

  public long maxTime() {
    return maxTime;
  }

  /** By name, sorted. */
  public Map<String, Column> columns() {
    return columns;
  }

  public @Nullable Column column(String name) {
    return columns.get(name);
  }

  /** Null when the row has no such value, or the column is of another type. */
  public @Nullable String text(String name, int row) {
    return columns.get(name) instanceof Column.Bytes bytes && bytes.has(row)
        ? bytes.text(row)
        : null;
  }

  /** Roughly what the block takes on the heap. */
  long heapBytes() {
    long bytes = 200 + 8L * times.length;
    for (Column column : columns.values()) {
      // The record, its arrays' headers, the name and the map's entry.
      bytes +=
          160
              + switch (column) {
                case Column.Integers integers -> 8L * integers.values().length;
                case Column.Floats floats -> 8L * floats.values().length;
                case Column.Bytes text -> text.data().length + 4L * text.ends().length;
              };
    }
    return bytes;
  }
}
