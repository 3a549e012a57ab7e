// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.container;

/** Reads times such as {@code 2024-05-01T12:34:56.123456789Z} from bytes. */
public final class Rfc3339 {

  /** Returned for what is no time. */
  public static final long NONE = Long.MIN_VALUE;

  private Rfc3339() {}

  /**
   * Unix nanoseconds; {@link #NONE} unless the bytes are a time with zone and nothing else, between
   * the years 1700 and 2260.
   */
  public static long parse(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length < 20
        || bytes[from + 4] != '-'
        || bytes[from + 7] != '-'
        || (bytes[from + 10] | 0x20) != 't' && bytes[from + 10] != ' '
        || bytes[from + 13] != ':'
        || bytes[from + 16] != ':') {
      return NONE;
    }
    int year = digits(bytes, from, 4);
    int month = digits(bytes, from + 5, 2);
    int day = digits(bytes, from + 8, 2);
    int hour = digits(bytes, from + 11, 2);
    int minute = digits(bytes, from + 14, 2);
    int second = digits(bytes, from + 17, 2);
    if (year < 1700
        || year > 2260
        || month < 1
        || month > 12
        || day < 1
        || day > daysOf(year, month)
        || hour < 0
        || hour > 23
        || minute < 0
        || minute > 59
        || second < 0
        || second > 60) {
      return NONE;
    }
    int at = from + 19;
    long nanos = 0;
    if (bytes[at] == '.' || bytes[at] == ',') {
      int scale = 100_000_000;
      int digits = 0;
      for (at++; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++, digits++) {
        nanos += (long) scale * (bytes[at] - '0');
        scale /= 10;
      }
      if (digits == 0) {
        return NONE;
      }
    }
    int offset = zoneSeconds(bytes, at, to);
    if (offset == Integer.MIN_VALUE) {
      return NONE;
    }
    long seconds =
        epochDay(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
    return seconds * 1_000_000_000L + nanos;
  }

  /** Seconds east of Greenwich; {@code Integer.MIN_VALUE} when it is no zone. */
  static int zoneSeconds(byte[] bytes, int at, int to) {
    if (at + 1 == to && (bytes[at] | 0x20) == 'z') {
      return 0;
    }
    if (to - at != 6 || bytes[at] != '+' && bytes[at] != '-' || bytes[at + 3] != ':') {
      return Integer.MIN_VALUE;
    }
    int hours = digits(bytes, at + 1, 2);
    int minutes = digits(bytes, at + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
      return Integer.MIN_VALUE;
    }
    int offset = hours * 3600 + minutes * 60;
    return bytes[at] == '-' ? -offset : offset;
  }

  /** The number of so many digits; -1 when they are none. */
  public static int digits(byte[] bytes, int from, int count) {
    int value = 0;
    for (int i = from; i < from + count; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  public static int daysOf(int year, int month) {
    return switch (month) {
      case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  /** Days since 1970-01-01 in the Gregorian calendar; years above 0. */
  public static long epochDay(int year, int month, int day) {
    // Years begin in March, so that the leap day is their last.
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400;
    int yearOfEra = y - era * 400;
    int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097L + dayOfEra - 719_468;
  }
}
