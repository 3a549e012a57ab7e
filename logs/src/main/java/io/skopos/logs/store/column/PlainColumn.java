// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.BitSet;

/** Values back to back, their lengths, and which classes of bytes they have. */
final class PlainColumn extends Column {

  private final int classes;
  private final PackedInts lengths;
  private final Blob blob;
  private int[] ends = new int[0];

  PlainColumn(int count, ByteReader in, PageSource pages) {
    super(count);
    classes = in.uint8();
    lengths = PackedInts.read(count, in, pages);
    blob = Blob.read(in, pages);
  }

  private void load() {
    blob.load();
    int[] sums = new int[count];
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += lengths.get(i);
      if (lengths.get(i) < 0 || sum > blob.length) {
        throw new DamagedBytes("values of " + sum + " bytes in " + blob.length);
      }
      sums[i] = (int) sum;
    }
    ends = sums;
  }

  @Override
  public void append(int value, int row, ByteWriter out) {
    if (ends.length != count) {
      load();
    }
    int start = value == 0 ? 0 : ends[value - 1];
    out.put(blob.bytes, blob.from + start, ends[value] - start);
  }

  @Override
  public int length(int value, int row, ByteWriter scratch) {
    long length = lengths.get(value);
    if (length < 0 || length > blob.length) {
      throw new DamagedBytes("a value of " + length + " bytes in " + blob.length);
    }
    return (int) length;
  }

  @Override
  public void find(Needle run, BitSet into) {
    if ((run.classes & ~classes) != 0) {
      return;
    }
    if (ends.length != count) {
      load();
    }
    int start = 0;
    for (int i = 0; i < count; i++) {
      if (run.isIn(blob.bytes, blob.from + start, blob.from + ends[i])) {
        into.set(i);
      }
      start = ends[i];
    }
  }
}
