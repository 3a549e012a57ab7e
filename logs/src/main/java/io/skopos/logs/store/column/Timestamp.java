// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteWriter;

/**
 * Times as text, {@code 2026-01-31T23:59:59.123Z} and its kin: a separator, a number of decimals
 * behind a point or a comma, with or without a Z. Their layout is a number of a few bits.
 */
final class Timestamp {

  private static final int SHORTEST = 19;
  private static final int MOST_DECIMALS = 9;
  private static final int SPACE = 1;
  private static final int COMMA = 2;
  private static final int ZULU = 4;
  private static final int DECIMALS_SHIFT = 3;
  static final int MOST_LAYOUT = MOST_DECIMALS << DECIMALS_SHIFT | 7;

  private static final long[] TENS = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
  };

  private Timestamp() {}

  static int decimals(int layout) {
    return layout >>> DECIMALS_SHIFT;
  }

  /** Nanoseconds of the last decimal. */
  static long unitNs(int layout) {
    return TENS[MOST_DECIMALS - decimals(layout)];
  }

  /**
   * Where a timestamp that begins here ends, if one does and no letter or digit follows; else 0.
   */
  static int end(byte[] text, int from, int to) {
    if (layoutOfStart(text, from, to) < 0) {
      return 0;
    }
    int at = from + SHORTEST;
    if (at + 1 < to && (text[at] == '.' || text[at] == ',') && isDigit(text[at + 1])) {
      int first = at + 1;
      int last = first;
      while (last < to && isDigit(text[last])) {
        last++;
      }
      if (last - first <= MOST_DECIMALS) {
        at = last;
      }
    }
    if (at < to && text[at] == 'Z') {
      at++;
    }
    return at < to && Needle.isRunByte(text[at]) ? 0 : at;
  }

  /** The layout when all of it is a timestamp, else -1. */
  static int layout(byte[] text, int from, int to) {
    int layout = layoutOfStart(text, from, to);
    if (layout < 0) {
      return -1;
    }
    int at = from + SHORTEST;
    if (at < to && (text[at] == '.' || text[at] == ',')) {
      layout |= text[at] == ',' ? COMMA : 0;
      int first = ++at;
      while (at < to && isDigit(text[at])) {
        at++;
      }
      int decimals = at - first;
      if (decimals == 0 || decimals > MOST_DECIMALS) {
        return -1;
      }
      layout |= decimals << DECIMALS_SHIFT;
    }
    if (at < to && text[at] == 'Z') {
      layout |= ZULU;
      at++;
    }
    return at == to ? layout : -1;
  }

  private static int layoutOfStart(byte[] text, int from, int to) {
    if (to - from < SHORTEST
        || text[from + 4] != '-'
        || text[from + 7] != '-'
        || text[from + 13] != ':'
        || text[from + 16] != ':') {
      return -1;
    }
    byte separator = text[from + 10];
    return separator == 'T' ? 0 : separator == ' ' ? SPACE : -1;
  }

  private static boolean isDigit(byte one) {
    return one >= '0' && one <= '9';
  }

  /**
   * Units since 1970 of a text with a layout; {@code Long.MIN_VALUE} when it is no time that {@link
   * #append} would write the same.
   */
  static long parse(byte[] text, int from, int layout) {
    int year = number(text, from, 4);
    int month = number(text, from + 5, 2);
    int day = number(text, from + 8, 2);
    int hour = number(text, from + 11, 2);
    int minute = number(text, from + 14, 2);
    int second = number(text, from + 17, 2);
    int decimals = decimals(layout);
    int fraction = decimals == 0 ? 0 : number(text, from + SHORTEST + 1, decimals);
    if ((year | month | day | hour | minute | second | fraction) < 0
        || year < 1970
        || year > 2200
        || month < 1
        || month > 12
        || day < 1
        || day > daysOf(year, month)
        || hour > 23
        || minute > 59
        || second > 59) {
      return Long.MIN_VALUE;
    }
    long seconds = epochDay(year, month, day) * 86_400L + hour * 3_600L + minute * 60L + second;
    return seconds * TENS[decimals] + fraction;
  }

  private static int number(byte[] text, int from, int digits) {
    int number = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  private static int daysOf(int year, int month) {
    if (month == 2) {
      return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  /** Days since 1970-01-01, by the usual count from March on. */
  private static long epochDay(int year, int month, int day) {
    int shifted = month <= 2 ? year - 1 : year;
    int era = shifted / 400;
    int yearOfEra = shifted - era * 400;
    int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097L + dayOfEra - 719_468;
  }

  /** How many bytes every time of a layout has. */
  static int length(int layout) {
    int decimals = decimals(layout);
    return SHORTEST + (decimals > 0 ? 1 + decimals : 0) + ((layout & ZULU) != 0 ? 1 : 0);
  }

  static void append(long units, int layout, ByteWriter out) {
    int decimals = decimals(layout);
    long seconds = Math.floorDiv(units, TENS[decimals]);
    int fraction = (int) Math.floorMod(units, TENS[decimals]);
    long days = Math.floorDiv(seconds, 86_400L);
    int ofDay = (int) Math.floorMod(seconds, 86_400L);
    long z = days + 719_468;
    long era = Math.floorDiv(z, 146_097L);
    int dayOfEra = (int) (z - era * 146_097);
    int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int shifted = (5 * dayOfYear + 2) / 153;
    int month = shifted < 10 ? shifted + 3 : shifted - 9;
    int year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);
    out.ensure(SHORTEST + MOST_DECIMALS + 2);
    byte[] bytes = out.bytes;
    int at = out.size;
    digits(bytes, at, year, 4);
    bytes[at + 4] = '-';
    digits(bytes, at + 5, month, 2);
    bytes[at + 7] = '-';
    digits(bytes, at + 8, dayOfYear - (153 * shifted + 2) / 5 + 1, 2);
    bytes[at + 10] = (layout & SPACE) == 0 ? (byte) 'T' : (byte) ' ';
    digits(bytes, at + 11, ofDay / 3600, 2);
    bytes[at + 13] = ':';
    digits(bytes, at + 14, ofDay / 60 % 60, 2);
    bytes[at + 16] = ':';
    digits(bytes, at + 17, ofDay % 60, 2);
    at += SHORTEST;
    if (decimals > 0) {
      bytes[at] = (layout & COMMA) == 0 ? (byte) '.' : (byte) ',';
      digits(bytes, at + 1, fraction, decimals);
      at += 1 + decimals;
    }
    if ((layout & ZULU) != 0) {
      bytes[at++] = 'Z';
    }
    out.size = at;
  }

  private static void digits(byte[] into, int at, int number, int count) {
    int rest = number;
    for (int i = at + count - 1; i >= at; i--) {
      into[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
