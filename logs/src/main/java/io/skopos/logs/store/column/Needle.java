// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

/**
 * A run of letters and digits that is searched for in values. Values never begin or end within such
 * a run of their line, so that a line contains it when, and only when, one of its values or what
 * stands between them does.
 */
public final class Needle {

  /** Digits, letters of hexadecimal numbers and others, of each case, and all other bytes. */
  private static final byte[] CLASSES = new byte[256];

  private static final boolean[] IN_RUN = new boolean[256];

  static {
    for (int i = 0; i < 256; i++) {
      IN_RUN[i] =
          (i >= '0' && i <= '9') || (i >= 'a' && i <= 'z') || (i >= 'A' && i <= 'Z') || i >= 128;
      CLASSES[i] =
          (byte)
              (i >= '0' && i <= '9'
                  ? 1
                  : i >= 'a' && i <= 'f'
                      ? 2
                      : i >= 'g' && i <= 'z'
                          ? 4
                          : i >= 'A' && i <= 'F' ? 8 : i >= 'G' && i <= 'Z' ? 16 : 32);
    }
  }

  final byte[] bytes;
  final boolean isDigits;

  /** Which classes of bytes it has, a bit for each. */
  final int classes;

  public Needle(byte[] bytes) {
    this.bytes = bytes;
    boolean digits = true;
    for (byte one : bytes) {
      digits &= one >= '0' && one <= '9';
    }
    this.isDigits = digits;
    this.classes = classes(bytes, 0, bytes.length);
  }

  /** The classes of bytes that a text has, a bit for each. */
  static int classes(byte[] text, int from, int to) {
    int classes = 0;
    for (int at = from; at < to; at++) {
      classes |= CLASSES[text[at] & 0xff];
    }
    return classes;
  }

  /** Letters, digits, and all bytes of characters beyond ASCII. */
  public static boolean isRunByte(byte one) {
    return IN_RUN[one & 0xff];
  }

  public byte[] bytes() {
    return bytes;
  }

  /** Whether the text has it. */
  public boolean isInside(byte[] text, int from, int to) {
    return isIn(text, from, to);
  }

  boolean isIn(byte[] text, int from, int to) {
    return indexIn(text, from, to) >= 0;
  }

  /** Where it begins first; -1 when it is not there. */
  int indexIn(byte[] text, int from, int to) {
    byte first = bytes[0];
    int behind = bytes.length - 1;
    byte end = bytes[behind];
    int last = to - bytes.length;
    for (int at = from; at <= last; at++) {
      if (text[at + behind] == end && text[at] == first) {
        int same = 1;
        while (same < bytes.length && text[at + same] == bytes[same]) {
          same++;
        }
        if (same == bytes.length) {
          return at;
        }
      }
    }
    return -1;
  }
}
