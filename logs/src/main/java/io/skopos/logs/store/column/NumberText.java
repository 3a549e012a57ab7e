// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteWriter;

/** Decimal numbers as text, only in the one form that is written back the same. */
final class NumberText {

  /** What {@link #parse} gives for texts that are no such number. */
  static final long NONE = Long.MIN_VALUE;

  /** Digits that surely fit. */
  private static final int MOST_DIGITS = 18;

  private NumberText() {}

  /** An integer without leading zeros, plus sign or minus zero. */
  static long parse(byte[] text, int from, int to) {
    int at = from;
    boolean negative = at < to && text[at] == '-';
    if (negative) {
      at++;
    }
    int digits = to - at;
    if (digits < 1 || digits > MOST_DIGITS || (text[at] == '0' && (digits > 1 || negative))) {
      return NONE;
    }
    long value = 0;
    for (; at < to; at++) {
      int digit = text[at] - '0';
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      value = value * 10 + digit;
    }
    return negative ? -value : value;
  }

  /** Digits only, leading zeros and all. */
  static long parseDigits(byte[] text, int from, int to) {
    if (to - from < 1 || to - from > MOST_DIGITS) {
      return NONE;
    }
    long value = 0;
    for (int at = from; at < to; at++) {
      int digit = text[at] - '0';
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /**
   * The digits of a number with or without a point as one integer; as {@link #parse} refuses it.
   * How many stand behind the point tells {@link #scale}.
   */
  static long parseDecimal(byte[] text, int from, int to) {
    int scale = scale(text, from, to);
    if (scale == 0) {
      return parse(text, from, to);
    }
    int point = to - scale - 1;
    boolean negative = text[from] == '-';
    int first = negative ? from + 1 : from;
    int whole = point - first;
    if (whole < 1 || whole + scale > MOST_DIGITS || (text[first] == '0' && whole > 1)) {
      return NONE;
    }
    long value = 0;
    for (int at = first; at < to; at++) {
      if (at == point) {
        continue;
      }
      int digit = text[at] - '0';
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      value = value * 10 + digit;
    }
    return value == 0 && negative ? NONE : negative ? -value : value;
  }

  /** How many bytes stand behind the last point; 0 when there is no point, or nothing behind it. */
  static int scale(byte[] text, int from, int to) {
    for (int at = to - 1; at >= from; at--) {
      if (text[at] == '.') {
        return to - 1 - at;
      }
    }
    return 0;
  }

  static void append(long value, ByteWriter out) {
    out.ensure(20);
    long rest = value;
    if (rest < 0) {
      out.bytes[out.size++] = '-';
      rest = -rest;
    }
    int digits = digits(rest);
    digits(rest, digits, out.bytes, out.size);
    out.size += digits;
  }

  static void appendPadded(long value, int digits, ByteWriter out) {
    out.ensure(digits);
    digits(value, digits, out.bytes, out.size);
    out.size += digits;
  }

  static void appendDecimal(long value, int scale, ByteWriter out) {
    if (scale == 0) {
      append(value, out);
      return;
    }
    out.ensure(24 + scale);
    long rest = value;
    if (rest < 0) {
      out.bytes[out.size++] = '-';
      rest = -rest;
    }
    int digits = Math.max(digits(rest), scale + 1);
    digits(rest, digits, out.bytes, out.size);
    int point = out.size + digits - scale;
    System.arraycopy(out.bytes, point, out.bytes, point + 1, scale);
    out.bytes[point] = '.';
    out.size += digits + 1;
  }

  /** How many bytes {@link #append} adds. */
  static int length(long value) {
    return value < 0 ? 1 + digits(-value) : digits(value);
  }

  /** How many bytes {@link #appendDecimal} adds. */
  static int decimalLength(long value, int scale) {
    if (scale == 0) {
      return length(value);
    }
    return value < 0
        ? 2 + Math.max(digits(-value), scale + 1)
        : 1 + Math.max(digits(value), scale + 1);
  }

  private static int digits(long value) {
    int digits = 1;
    for (long bound = 10; digits < 19 && value >= bound; bound *= 10) {
      digits++;
    }
    return digits;
  }

  private static void digits(long value, int count, byte[] into, int at) {
    long rest = value;
    for (int i = at + count - 1; i >= at; i--) {
      long tenth = rest / 10;
      into[i] = (byte) ('0' + rest - tenth * 10);
      rest = tenth;
    }
  }
}
