// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.BitSet;

/** Whole numbers, all as short as can be or all of one length with leading zeros. */
final class IntegerColumn extends Column {

  private final int padded;
  private final PackedInts numbers;

  IntegerColumn(int count, ByteReader in, PageSource pages) {
    super(count);
    padded = in.uint8();
    if (padded > 18) {
      throw new DamagedBytes("numbers of " + padded + " digits");
    }
    numbers = PackedInts.read(count, in, pages);
  }

  @Override
  public void append(int value, int row, ByteWriter out) {
    long number = numbers.get(value);
    if (padded == 0) {
      NumberText.append(number, out);
    } else {
      NumberText.appendPadded(number, padded, out);
    }
  }

  @Override
  public int length(int value, int row, ByteWriter scratch) {
    return padded == 0 ? NumberText.length(numbers.get(value)) : padded;
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
    } else if (test.overlaps(numbers.least, numbers.greatest())) {
      for (int i = 0; i < count; i++) {
        if (test.fits((double) numbers.get(i))) {
          into.set(i);
        }
      }
    }
  }

  @Override
  public double number(int value, int row) {
    return numbers.get(value);
  }
}
