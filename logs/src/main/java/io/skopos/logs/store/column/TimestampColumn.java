// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.BitSet;

/** Times of one layout: since 1970, or by how much they are before the times of their rows. */
final class TimestampColumn extends Column {

  private final PageSource pages;
  private final int layout;
  private final boolean relative;
  private final PackedInts units;

  TimestampColumn(int count, ByteReader in, PageSource pages) {
    super(count);
    this.pages = pages;
    layout = in.uint8();
    relative = in.uint8() != 0;
    if (layout > Timestamp.MOST_LAYOUT) {
      throw new DamagedBytes("timestamps of layout " + layout);
    }
    units = PackedInts.read(count, in, pages);
  }

  @Override
  public void append(int value, int row, ByteWriter out) {
    long unit = units.get(value);
    if (relative) {
      unit = Math.floorDiv(pages.timeNs(row), Timestamp.unitNs(layout)) - unit;
    }
    Timestamp.append(unit, layout, out);
  }

  @Override
  public int length(int value, int row, ByteWriter scratch) {
    return Timestamp.length(layout);
  }

  /** Rows are not known here, so all with such letters are marked. */
  @Override
  public void find(Needle run, BitSet into) {
    for (byte one : run.bytes()) {
      if (one != 'T' && one != 'Z' && (one < '0' || one > '9')) {
        return;
      }
    }
    into.set(0, count);
  }

  @Override
  public void select(FieldTest test, BitSet into) {
    into.set(0, count);
  }

  @Override
  public double number(int value, int row) {
    return Double.NaN;
  }
}
