// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.BitSet;

/** Few distinct values, and each value's number among them. */
final class DictionaryColumn extends Column {

  private final byte[] bytes;
  private final int[] starts;
  private final PackedInts codes;
  private double[] numbers = new double[0];

  DictionaryColumn(int count, ByteReader in, PageSource pages) {
    super(count);
    int distinct = in.count(in.remaining(), "values of a dictionary");
    starts = new int[distinct + 1];
    int length = 0;
    for (int i = 0; i < distinct; i++) {
      starts[i] = length;
      length += in.count(in.remaining(), "bytes of a value");
      if (length > in.remaining()) {
        throw new DamagedBytes("a dictionary of " + length + " bytes");
      }
    }
    starts[distinct] = length;
    int from = in.position();
    in.skip(length);
    for (int i = 0; i <= distinct; i++) {
      starts[i] += from;
    }
    bytes = in.array();
    codes = PackedInts.read(count, in, pages);
  }

  int distinct() {
    return starts.length - 1;
  }

  @Override
  public int code(int value) {
    long code = codes.get(value);
    if (code < 0 || code >= starts.length - 1) {
      throw new DamagedBytes("value " + code + " of a dictionary of " + distinct());
    }
    return (int) code;
  }

  @Override
  public int codes() {
    return distinct();
  }

  @Override
  public void append(int value, int row, ByteWriter out) {
    int code = code(value);
    out.put(bytes, starts[code], starts[code + 1] - starts[code]);
  }

  @Override
  public int length(int value, int row, ByteWriter scratch) {
    int code = code(value);
    return starts[code + 1] - starts[code];
  }

  @Override
  public void find(Needle run, BitSet into) {
    boolean[] fits = new boolean[distinct()];
    for (int i = 0; i < fits.length; i++) {
      fits[i] = run.isIn(bytes, starts[i], starts[i + 1]);
    }
    mark(fits, into);
  }

  @Override
  public void select(FieldTest test, BitSet into) {
    boolean[] fits = new boolean[distinct()];
    for (int i = 0; i < fits.length; i++) {
      fits[i] = test.fits(bytes, starts[i], starts[i + 1]);
    }
    mark(fits, into);
  }

  @Override
  public double number(int value, int row) {
    if (numbers.length != distinct()) {
      double[] parsed = new double[distinct()];
      for (int i = 0; i < parsed.length; i++) {
        parsed[i] = FieldTest.number(bytes, starts[i], starts[i + 1]);
      }
      numbers = parsed;
    }
    return numbers[code(value)];
  }

  private void mark(boolean[] fits, BitSet into) {
    boolean any = false;
    boolean all = true;
    for (boolean one : fits) {
      any |= one;
      all &= one;
    }
    if (all) {
      into.set(0, count);
    } else if (any) {
      for (int i = 0; i < count; i++) {
        if (fits[code(i)]) {
          into.set(i);
        }
      }
    }
  }
}
