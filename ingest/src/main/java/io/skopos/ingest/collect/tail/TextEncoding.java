// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;

/**
 * How characters stand in a file, and how lines end in it.
 *
 * @param charset what it is read as
 * @param unit bytes of a line's end: 2 for UTF-16
 * @param bigEndian of UTF-16
 */
public record TextEncoding(Charset charset, int unit, boolean bigEndian) {

  public static final TextEncoding UTF_8 = new TextEncoding(StandardCharsets.UTF_8, 1, false);

  /**
   * @param name of the IANA, as in Promtail's {@code encoding}; empty for UTF-8
   * @throws IllegalArgumentException when there is none of that name, or lines in it end otherwise
   */
  public static TextEncoding of(String name) {
    if (name.isEmpty()) {
      return UTF_8;
    }
    try {
      Charset charset = Charset.forName(name);
      if (charset.equals(StandardCharsets.UTF_16)) {
        charset = StandardCharsets.UTF_16BE;
      }
      boolean utf16 =
          charset.equals(StandardCharsets.UTF_16BE) || charset.equals(StandardCharsets.UTF_16LE);
      byte[] end = "\n".getBytes(charset);
      if (!utf16 && (end.length != 1 || end[0] != '\n')) {
        throw new IllegalArgumentException(
            "lines in the encoding '" + name + "' cannot be told apart");
      }
      return new TextEncoding(charset, end.length, charset.equals(StandardCharsets.UTF_16BE));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new IllegalArgumentException("the encoding '" + name + "' is unknown", e);
    }
  }

  /** What the mark at the beginning of a file says; this when there is none. */
  TextEncoding marked(byte[] start, int length) {
    if (length >= 3 && at(start, 0) == 0xEF && at(start, 1) == 0xBB && at(start, 2) == 0xBF) {
      return UTF_8;
    }
    if (length >= 2 && at(start, 0) == 0xFF && at(start, 1) == 0xFE) {
      return new TextEncoding(StandardCharsets.UTF_16LE, 2, false);
    }
    if (length >= 2 && at(start, 0) == 0xFE && at(start, 1) == 0xFF) {
      return new TextEncoding(StandardCharsets.UTF_16BE, 2, true);
    }
    return this;
  }

  /** Bytes of the mark at the beginning of a file; 0 when there is none. */
  static int markLength(byte[] start, int length) {
    if (length >= 3 && at(start, 0) == 0xEF && at(start, 1) == 0xBB && at(start, 2) == 0xBF) {
      return 3;
    }
    boolean utf16 =
        length >= 2
            && (at(start, 0) == 0xFF && at(start, 1) == 0xFE
                || at(start, 0) == 0xFE && at(start, 1) == 0xFF);
    return utf16 ? 2 : 0;
  }

  private static int at(byte[] bytes, int index) {
    return bytes[index] & 0xff;
  }

  boolean isUtf8() {
    return charset.equals(StandardCharsets.UTF_8);
  }

  /**
   * Where the next line's end begins; -1 when there is none.
   *
   * @param from the beginning of a character
   */
  int lineEnd(byte[] bytes, int from, int to) {
    if (unit == 1) {
      for (int i = from; i < to; i++) {
        if (bytes[i] == '\n') {
          return i;
        }
      }
      return -1;
    }
    int low = bigEndian ? 1 : 0;
    for (int i = from; i + 1 < to; i += 2) {
      if (bytes[i + low] == '\n' && bytes[i + 1 - low] == 0) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The longest piece from {@code from} on that has at most {@code length} bytes and ends between
   * characters.
   */
  int pieceLength(byte[] bytes, int from, int length) {
    if (unit == 2) {
      int even = length & ~1;
      int high = bytes[from + even - (bigEndian ? 2 : 1)] & 0xFC;
      return high == 0xD8 && even > 2 ? even - 2 : even;
    }
    if (!isUtf8()) {
      return length;
    }
    int end = length;
    while (end > length - 4 && end > 1 && (bytes[from + end] & 0xC0) == 0x80) {
      end--;
    }
    return (bytes[from + end] & 0xC0) == 0x80 ? length : end;
  }

  byte[] toUtf8(byte[] bytes, int from, int length) {
    return new String(bytes, from, length, charset).getBytes(StandardCharsets.UTF_8);
  }
}
