// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import java.util.BitSet;

/** IPv4 addresses in the usual notation. */
final class Ipv4Column extends Column {

  private final PackedInts addresses;

  Ipv4Column(int count, ByteReader in, PageSource pages) {
    super(count);
    addresses = PackedInts.read(count, in, pages);
  }

  /** -1 for what is none, or would be written in another way. */
  static long parse(byte[] text, int from, int to) {
    long address = 0;
    int groups = 0;
    int at = from;
    while (groups < 4) {
      int start = at;
      int group = 0;
      while (at < to && text[at] >= '0' && text[at] <= '9' && at - start < 3) {
        group = group * 10 + text[at++] - '0';
      }
      if (at == start || group > 255 || (text[start] == '0' && at - start > 1)) {
        return -1;
      }
      address = address << 8 | group;
      groups++;
      if (groups < 4 && (at >= to || text[at++] != '.')) {
        return -1;
      }
    }
    return at == to ? address : -1;
  }

  @Override
  public void append(int value, int row, ByteWriter out) {
    long address = addresses.get(value);
    for (int shift = 24; shift >= 0; shift -= 8) {
      NumberText.append(address >>> shift & 255, out);
      if (shift > 0) {
        out.int8('.');
      }
    }
  }

  @Override
  public int length(int value, int row, ByteWriter scratch) {
    long address = addresses.get(value);
    int length = 3;
    for (int shift = 24; shift >= 0; shift -= 8) {
      length += NumberText.length(address >>> shift & 255);
    }
    return length;
  }

  @Override
  public void find(Needle run, BitSet into) {
    if (run.isDigits && run.bytes().length <= 3) {
      super.find(run, into);
    }
  }
}
