// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills a {@link RowBlock} row by row: {@link #row}, then the row's values. Not thread-safe. */
public final class RowBlockBuilder {

  private long[] times = new long[16];
  private int rows;
  private long bytes;
  private long rowBytes;
  private int rowColumns;
  private final Map<String, Growing> columns = new HashMap<>();

  /** Begins a row. */
  public RowBlockBuilder row(long time) {
    if (rows == times.length) {
      times = Arrays.copyOf(times, rows * 2);
    }
    times[rows++] = time;
    rowBytes = 0;
    rowColumns = 0;
    count(8);
    return this;
  }

  public RowBlockBuilder integer(String name, long value) {
    Growing column = column(name, ColumnType.INTEGER);
    column.place(rows - 1, value);
    count(8);
    return this;
  }

  public RowBlockBuilder real(String name, double value) {
    Growing column = column(name, ColumnType.FLOAT);
    column.place(rows - 1, Double.doubleToRawLongBits(value));
    count(8);
    return this;
  }

  public RowBlockBuilder text(String name, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return bytes(name, utf8, 0, utf8.length);
  }

  public RowBlockBuilder bytes(String name, byte[] source, int offset, int length) {
    count(length + 4L);
    column(name, ColumnType.BYTES).place(rows - 1, source, offset, length);
    return this;
  }

  /** Copies a row with all its values. */
  public RowBlockBuilder copy(RowBlock block, int row) {
    row(block.time(row));
    for (Map.Entry<String, Column> entry : block.columns().entrySet()) {
      Column column = entry.getValue();
      if (column.has(row)) {
        switch (column) {
          case Column.Integers integers -> integer(entry.getKey(), integers.values()[row]);
          case Column.Floats floats -> real(entry.getKey(), floats.values()[row]);
          case Column.Bytes text ->
              bytes(entry.getKey(), text.data(), text.start(row), text.length(row));
        }
      }
    }
    return this;
  }

  public int rows() {
    return rows;
  }

  /** Different columns so far. */
  public int columns() {
    return columns.size();
  }

  /** Bytes of values so far, before any encoding. */
  public long valueBytes() {
    return bytes;
  }

  /** The block; the builder is empty afterwards. */
  public RowBlock build() {
    Map<String, Column> built = new HashMap<>();
    columns.forEach((name, column) -> built.put(name, column.build(rows)));
    RowBlock block = new RowBlock(Arrays.copyOf(times, rows), built);
    rows = 0;
    bytes = 0;
    columns.clear();
    return block;
  }

  private void count(long more) {
    bytes += more;
    rowBytes += more;
    if (rowBytes > RowLimits.MAX_ROW_BYTES) {
      throw new IllegalArgumentException(
          "a row of " + rowBytes + " bytes; the limit is " + RowLimits.MAX_ROW_BYTES);
    }
    if (bytes > RowLimits.MAX_BLOCK_BYTES) {
      throw new IllegalArgumentException(
          "rows of " + bytes + " bytes together; the limit is " + RowLimits.MAX_BLOCK_BYTES);
    }
  }

  private Growing column(String name, ColumnType type) {
    if (++rowColumns > RowLimits.MAX_ROW_COLUMNS) {
      throw new IllegalArgumentException(
          "a row of more than " + RowLimits.MAX_ROW_COLUMNS + " columns, which is the limit");
    }
    Growing column = columns.get(name);
    if (column == null) {
      column = new Growing(type);
      columns.put(name, column);
      count(name.length());
    }
    if (rows == 0 || column.present.get(rows - 1)) {
      throw new IllegalArgumentException(
          rows == 0 ? "a value before the first row" : "column " + name + " twice in one row");
    }
    if (column.type != type) {
      throw new IllegalArgumentException(
          "column " + name + " holds " + column.type + ", not " + type);
    }
    return column;
  }

  /** A column while it grows; rows it was not told are absent. */
  private static final class Growing {

    private static final long[] NO_WORDS = {};
    private static final byte[] NO_DATA = {};

    private final ColumnType type;
    private final BitSet present = new BitSet();
    private long[] words = NO_WORDS;
    private byte[] data = NO_DATA;
    private int @Nullable [] ends;
    private int filled;

    private Growing(ColumnType type) {
      this.type = type;
      if (type == ColumnType.BYTES) {
        ends = new int[1];
      }
    }

    private void place(int row, long word) {
      if (row >= words.length) {
        words = Arrays.copyOf(words, Math.max(row + 1, Math.max(8, words.length * 2)));
      }
      words[row] = word;
      present.set(row);
    }

    private void place(int row, byte[] source, int offset, int length) {
      int start = fill(row);
      if (start + length > data.length) {
        data = Arrays.copyOf(data, Math.max(Math.max(16, start + length), data.length * 2));
      }
      System.arraycopy(source, offset, data, start, length);
      ends()[row] = start + length;
      filled = row + 1;
      present.set(row);
    }

    /** Gives the rows before {@code row} empty values and says where the next value begins. */
    private int fill(int row) {
      int[] known = ends();
      if (row >= known.length) {
        known = Arrays.copyOf(known, Math.max(row + 1, known.length * 2));
        ends = known;
      }
      int end = filled == 0 ? 0 : known[filled - 1];
      Arrays.fill(known, filled, Math.max(filled, row), end);
      filled = Math.max(filled, row);
      return end;
    }

    private int[] ends() {
      if (ends == null) {
        throw new IllegalStateException("not a column of bytes");
      }
      return ends;
    }

    private Column build(int rows) {
      BitSet some = present.cardinality() == rows ? null : present;
      return switch (type) {
        case INTEGER -> new Column.Integers(Arrays.copyOf(words, rows), some);
        case FLOAT -> {
          double[] values = new double[rows];
          for (int i = 0; i < Math.min(rows, words.length); i++) {
            values[i] = Double.longBitsToDouble(words[i]);
          }
          yield new Column.Floats(values, some);
        }
        case BYTES -> {
          int end = fill(rows);
          int[] known = Arrays.copyOf(ends(), rows);
          yield new Column.Bytes(Arrays.copyOf(data, end), known, some);
        }
      };
    }
  }
}
