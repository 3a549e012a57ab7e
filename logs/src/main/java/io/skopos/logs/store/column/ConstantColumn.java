// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import java.util.BitSet;

/** All values are the same. */
final class ConstantColumn extends Column {

  private final byte[] value;

  ConstantColumn(int count, ByteReader in) {
    super(count);
    value = in.sized();
  }

  @Override
  public void append(int number, int row, ByteWriter out) {
    out.put(value, 0, value.length);
  }

  @Override
  public int length(int number, int row, ByteWriter scratch) {
    return value.length;
  }

  @Override
  public int code(int number) {
    return 0;
  }

  @Override
  public int codes() {
    return 1;
  }

  @Override
  public void find(Needle run, BitSet into) {
    if (run.isIn(value, 0, value.length)) {
      into.set(0, count);
    }
  }

  @Override
  public void select(FieldTest test, BitSet into) {
    if (test.fits(value, 0, value.length)) {
      into.set(0, count);
    }
  }
}
