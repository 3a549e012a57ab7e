// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The values of one column in a block; immutable once in a block. A row may have none. */
public sealed interface Column {

  ColumnType type();

  /** The rows that have a value; null when all have. */
  @Nullable BitSet present();

  default boolean has(int row) {
    BitSet present = present();
    return present == null || present.get(row);
  }

  /** Integers, times among them; 0 where absent. */
  record Integers(long[] values, @Nullable BitSet present) implements Column {
    @Override
    public ColumnType type() {
      return ColumnType.INTEGER;
    }
  }

  /** Floats, kept bit by bit; 0 where absent. */
  record Floats(double[] values, @Nullable BitSet present) implements Column {
    @Override
    public ColumnType type() {
      return ColumnType.FLOAT;
    }
  }

  /**
   * Byte strings back to back; value i ends at {@code ends[i]} and begins where the one before
   * ends. Absent values are empty.
   */
  record Bytes(byte[] data, int[] ends, @Nullable BitSet present) implements Column {
    @Override
    public ColumnType type() {
      return ColumnType.BYTES;
    }

    public int start(int row) {
      return row == 0 ? 0 : ends[row - 1];
    }

    public int end(int row) {
      return ends[row];
    }

    public int length(int row) {
      return end(row) - start(row);
    }

    public byte[] copy(int row) {
      return Arrays.copyOfRange(data, start(row), end(row));
    }

    public String text(int row) {
      return new String(data, start(row), length(row), StandardCharsets.UTF_8);
    }

    boolean equal(int row, byte[] value) {
      return Arrays.equals(data, start(row), end(row), value, 0, value.length);
    }
  }
}
