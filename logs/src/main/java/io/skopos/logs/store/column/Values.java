// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import java.util.Arrays;

/**
 * Values to be encoded: ranges of a text, and the block's row of each. Fields are public for the
 * hot loops.
 */
public final class Values {

  public byte[] text;
  public int[] from;
  public int[] to;
  public int[] rows;
  public int count;

  public Values(byte[] text, int capacity) {
    this.text = text;
    this.from = new int[capacity];
    this.to = new int[capacity];
    this.rows = new int[capacity];
  }

  public void add(int start, int end, int row) {
    if (count == from.length) {
      int grown = Math.max(16, count * 2);
      from = Arrays.copyOf(from, grown);
      to = Arrays.copyOf(to, grown);
      rows = Arrays.copyOf(rows, grown);
    }
    from[count] = start;
    to[count] = end;
    rows[count] = row;
    count++;
  }

  public void clear() {
    count = 0;
  }
}
