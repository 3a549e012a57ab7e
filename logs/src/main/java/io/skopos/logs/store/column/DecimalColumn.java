// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.BitSet;

/** Decimal numbers: their digits as an integer, and how many stand behind the point. */
final class DecimalColumn extends Column {

  private static final double[] TENS = new double[19];

  static {
    double ten = 1;
    for (int i = 0; i < TENS.length; i++) {
      TENS[i] = ten;
      ten *= 10;
    }
  }

  private final PackedInts digits;
  private final PackedInts scales;

  DecimalColumn(int count, ByteReader in, PageSource pages) {
    super(count);
    digits = PackedInts.read(count, in, pages);
    scales = PackedInts.read(count, in, pages);
  }

  private int scale(int value) {
    long scale = scales.get(value);
    if (scale < 0 || scale >= TENS.length) {
      throw new DamagedBytes(scale + " digits behind a point");
    }
    return (int) scale;
  }

  @Override
  public void append(int value, int row, ByteWriter out) {
    NumberText.appendDecimal(digits.get(value), scale(value), out);
  }

  @Override
  public int length(int value, int row, ByteWriter scratch) {
    return NumberText.decimalLength(digits.get(value), scale(value));
  }

  @Override
  public void find(Needle run, BitSet into) {
    if (run.isDigits && run.bytes().length <= 19) {
      super.find(run, into);
    }
  }

  @Override
  public void select(FieldTest test, BitSet into) {
    if (!test.isBetween()) {
      super.select(test, into);
      return;
    }
    for (int i = 0; i < count; i++) {
      if (test.fits(number(i, 0))) {
        into.set(i);
      }
    }
  }

  /** A division of two doubles that are exact gives the double that is nearest. */
  @Override
  public double number(int value, int row) {
    long whole = digits.get(value);
    return Math.abs(whole) < 1L << 53 ? whole / TENS[scale(value)] : super.number(value, row);
  }
}
