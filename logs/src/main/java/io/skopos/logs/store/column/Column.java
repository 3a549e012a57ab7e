// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.BitSet;

/**
 * The values of a column, by number. Pages are read when a value is asked for. Not thread-safe;
 * valid until its block is left.
 */
public abstract sealed class Column
    permits ConstantColumn, DictionaryColumn, PlainColumn {

  public final int count;

  Column(int count) {
    this.count = count;
  }

  /**
   * Reads a column's beginning.
   *
   * @param depth how many columns it may be in
   * @throws DamagedBytes when no encoder wrote this
   */
  public static Column read(int count, ByteReader in, PageSource pages, int depth) {
    int kind = in.uint8();
    return switch (kind) {
      case ColumnFormat.CONSTANT -> new ConstantColumn(count, in);
      case ColumnFormat.DICTIONARY -> new DictionaryColumn(count, in, pages);
      case ColumnFormat.PLAIN -> new PlainColumn(count, in, pages);
      default -> throw new DamagedBytes("a column of kind " + kind);
    };
  }

  /** Appends a value's bytes. */
  public abstract void append(int value, ByteWriter out);

  /** A number that is the same for equal values only; -1 when there is none. */
  public int code(int value) {
    return -1;
  }

  /** Marks the values that contain the run of letters and digits, and perhaps others. */
  public abstract void find(Needle run, BitSet into);
}
