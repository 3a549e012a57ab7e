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
    permits ConstantColumn,
        DictionaryColumn,
        PlainColumn,
        IntegerColumn,
        DecimalColumn,
        HexColumn,
        TimestampColumn,
        Ipv4Column,
        TemplateColumn {

  public final int count;

  Column(int count) {
    this.count = count;
  }

  /**
   * Reads a column's beginning.
   *
   * @param depth how many columns within it there may be
   * @throws DamagedBytes when no encoder wrote this
   */
  public static Column read(int count, ByteReader in, PageSource pages, int depth) {
    int kind = in.uint8();
    return switch (kind) {
      case ColumnFormat.CONSTANT -> new ConstantColumn(count, in);
      case ColumnFormat.DICTIONARY -> new DictionaryColumn(count, in, pages);
      case ColumnFormat.PLAIN -> new PlainColumn(count, in, pages);
      case ColumnFormat.INTEGER -> new IntegerColumn(count, in, pages);
      case ColumnFormat.DECIMAL -> new DecimalColumn(count, in, pages);
      case ColumnFormat.HEX -> new HexColumn(count, in, pages);
      case ColumnFormat.TIMESTAMP -> new TimestampColumn(count, in, pages);
      case ColumnFormat.IPV4 -> new Ipv4Column(count, in, pages);
      case ColumnFormat.TEMPLATE -> new TemplateColumn(count, in, pages, depth);
      default -> throw new DamagedBytes("a column of kind " + kind);
    };
  }

  /**
   * Appends a value's bytes.
   *
   * @param row the block's row that has it
   */
  public abstract void append(int value, int row, ByteWriter out);

  /**
   * How many bytes {@link #append} would add.
   *
   * @param scratch overwritten where the value has to be made for that
   */
  public int length(int value, int row, ByteWriter scratch) {
    scratch.clear();
    append(value, row, scratch);
    return scratch.size;
  }

  /** A number that is the same for equal values only; -1 when there is none. */
  public int code(int value) {
    return -1;
  }

  /** How many different {@link #code codes} there are. */
  public int codes() {
    return 0;
  }

  /** Marks the values that contain the run of letters and digits, and perhaps others. */
  public void find(Needle run, BitSet into) {
    ByteWriter text = new ByteWriter(256);
    for (int i = 0; i < count; i++) {
      text.clear();
      append(i, 0, text);
      if (run.isIn(text.bytes, 0, text.size)) {
        into.set(i);
      }
    }
  }

  /** Marks the values that fit, and perhaps others. */
  public void select(FieldTest test, BitSet into) {
    ByteWriter text = new ByteWriter(256);
    for (int i = 0; i < count; i++) {
      text.clear();
      append(i, 0, text);
      if (test.fits(text.bytes, 0, text.size)) {
        into.set(i);
      }
    }
  }

  /** The value as a number; NaN when it is none. */
  public double number(int value, int row) {
    ByteWriter text = new ByteWriter(32);
    append(value, row, text);
    return FieldTest.number(text.bytes, 0, text.size);
  }
}
