// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

/**
 * Takes the variable words out of a text: runs of letters and digits that have a digit, long
 * hexadecimal ones, and, of a whole line, what stands in quotes. A timestamp, an IPv4 address, a
 * decimal number and a UUID are one value each.
 */
final class TextScanner {

  private static final byte OTHER = 0;
  private static final byte LETTER = 1;
  private static final byte HEX_LETTER = 2;
  private static final byte DIGIT = 3;

  private static final byte[] CLASSES = new byte[256];

  /** Hexadecimal runs of this length are values even without a digit. */
  private static final int LONG_HEX = 16;

  /** Longer texts in quotes are not looked for. */
  private static final int MOST_QUOTED = 1 << 13;

  static {
    for (int i = 0; i < 256; i++) {
      if (i >= '0' && i <= '9') {
        CLASSES[i] = DIGIT;
      } else if ((i >= 'a' && i <= 'f') || (i >= 'A' && i <= 'F')) {
        CLASSES[i] = HEX_LETTER;
      } else if (Needle.isRunByte((byte) i)) {
        CLASSES[i] = LETTER;
      }
    }
  }

  private TextScanner() {}

  /**
   * @param wholeLine whether what stands in quotes is a value
   */
  static void scan(byte[] text, int from, int to, boolean wholeLine, Slots slots) {
    int at = from;
    while (at < to) {
      byte one = text[at];
      byte kind = CLASSES[one & 0xff];
      if (kind == OTHER) {
        at++;
        if (one == '"' && wholeLine) {
          int end = closingQuote(text, at, to);
          if (end > at) {
            if (!slots.add(at, end)) {
              rest(at, to, slots);
              return;
            }
            at = end + 1;
          }
        }
        continue;
      }
      int start = at;
      int kinds = 0;
      do {
        kinds |= 1 << kind;
        at++;
        kind = at < to ? CLASSES[text[at] & 0xff] : OTHER;
      } while (kind != OTHER);
      int end = valueEnd(text, start, at, to, kinds);
      if (end > 0) {
        if (!slots.add(start, end)) {
          rest(start, to, slots);
          return;
        }
        at = end;
      }
    }
  }

  /** The last value takes all that is left. */
  private static void rest(int start, int to, Slots slots) {
    slots.from[Slots.MOST] = start;
    slots.to[Slots.MOST] = to;
    slots.count = Slots.MOST + 1;
  }

  private static int closingQuote(byte[] text, int from, int to) {
    int last = Math.min(to, from + MOST_QUOTED);
    for (int at = from; at < last; at++) {
      byte one = text[at];
      if (one == '"') {
        return at;
      }
      if (one == '\\') {
        at++;
      } else if (one == '\n') {
        return -1;
      }
    }
    return -1;
  }

  /** Where the value that begins with this run ends; 0 when it is none. */
  private static int valueEnd(byte[] text, int start, int end, int to, int kinds) {
    int length = end - start;
    boolean hasDigit = (kinds & 1 << DIGIT) != 0;
    boolean isHex = (kinds & 1 << LETTER) == 0;
    if (end < to && isHex) {
      byte next = text[end];
      if (next == '-') {
        if (length == 8 && isUuid(text, start, to)) {
          return start + 36;
        }
        if (length == 4 && kinds == 1 << DIGIT) {
          int timestamp = Timestamp.end(text, start, to);
          if (timestamp > 0) {
            return timestamp;
          }
        }
      } else if (next == '.' && kinds == 1 << DIGIT) {
        return numbers(text, end, to);
      }
    }
    return hasDigit || isHex && length >= LONG_HEX ? end : 0;
  }

  /** Behind a decimal number or an address; behind its first digits when it is neither. */
  private static int numbers(byte[] text, int firstEnd, int to) {
    int groups = 1;
    int end = firstEnd;
    int second = firstEnd;
    while (end + 1 < to && text[end] == '.' && CLASSES[text[end + 1] & 0xff] == DIGIT) {
      int at = end + 1;
      while (at < to && CLASSES[text[at] & 0xff] == DIGIT) {
        at++;
      }
      if (at < to && CLASSES[text[at] & 0xff] != OTHER) {
        return firstEnd;
      }
      groups++;
      end = at;
      if (groups == 2) {
        second = at;
      }
    }
    return groups == 2 ? second : groups == 4 ? end : firstEnd;
  }

  static boolean isUuid(byte[] text, int from, int to) {
    if (to - from < 36 || (to - from > 36 && Needle.isRunByte(text[from + 36]))) {
      return false;
    }
    for (int i = 0; i < 36; i++) {
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      byte one = text[from + i];
      if (dash ? one != '-' : CLASSES[one & 0xff] < HEX_LETTER) {
        return false;
      }
    }
    return true;
  }
}
