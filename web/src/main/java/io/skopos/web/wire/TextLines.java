// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.wire;

/** Steps through lines of bytes, whose ends may be LF or CR LF. Not thread-safe. */
public final class TextLines {

  private final byte[] bytes;
  private final int end;
  private int next;
  private int from;
  private int to;
  private long number;

  public TextLines(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.next = from;
    this.end = end;
  }

  /** Goes to the next line that is not empty; false when there is none. */
  public boolean advance() {
    while (next < end) {
      from = next;
      to = next;
      while (to < end && bytes[to] != '\n') {
        to++;
      }
      next = to + 1;
      number++;
      if (to > from && bytes[to - 1] == '\r') {
        to--;
      }
      if (to > from) {
        return true;
      }
    }
    return false;
  }

  public int from() {
    return from;
  }

  public int to() {
    return to;
  }

  /** Counted from 1. */
  public long number() {
    return number;
  }
}
