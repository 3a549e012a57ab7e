// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.model.Signal;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fixed columns of a signal's rows; every other column is an attribute of type BYTES.
 *
 * @param columns besides the time
 * @param identity columns that, with the time, identify a row; empty when the whole row does
 * @param timeUnitsPerMs 1 when times are milliseconds, 1,000,000 for nanoseconds
 */
public record RowSchema(
    Signal signal, List<ColumnSpec> columns, List<String> identity, long timeUnitsPerMs) {

  public RowSchema {
    columns = List.copyOf(columns);
    identity = List.copyOf(identity);
    Map<String, ColumnSpec> byName =
        columns.stream().collect(Collectors.toMap(ColumnSpec::name, Function.identity()));
    for (String name : identity) {
      ColumnSpec column = byName.get(name);
      if (column == null || column.type() != ColumnType.BYTES) {
        throw new IllegalArgumentException("identity column " + name + " must be fixed and BYTES");
      }
    }
  }

  /**
   * A fixed column.
   *
   * @param searched whether parts carry a substring filter for it
   */
  public record ColumnSpec(String name, ColumnType type, boolean searched) {}

  @Nullable ColumnSpec column(String name) {
    for (ColumnSpec column : columns) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    return null;
  }

  /** The column that marks a row as deleted; see {@link RowTombstones}. */
  static final String TOMBSTONE = "";

  /** Whether a column of parts may be of this type. */
  boolean allows(String name, ColumnType type) {
    if (name.equals(TOMBSTONE)) {
      return type == ColumnType.INTEGER && !identity.isEmpty();
    }
    ColumnSpec column = column(name);
    return type == (column == null ? ColumnType.BYTES : column.type());
  }

  boolean searched(String name) {
    ColumnSpec column = column(name);
    return column != null && column.searched();
  }

  long toMs(long time) {
    return Math.floorDiv(time, timeUnitsPerMs);
  }

  /** The first time of a millisecond; saturates. */
  long fromMs(long ms) {
    long high = Math.multiplyHigh(ms, timeUnitsPerMs);
    long low = ms * timeUnitsPerMs;
    if ((high == 0 && low >= 0) || (high == -1 && low < 0)) {
      return low;
    }
    return ms < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }
}
