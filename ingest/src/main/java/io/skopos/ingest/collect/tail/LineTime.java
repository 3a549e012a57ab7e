// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import static io.skopos.ingest.collect.container.Rfc3339.digits;

import io.skopos.ingest.collect.container.Rfc3339;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Finds the time that a line tells of itself, in the forms in use: ISO 8601 and its like at the
 * beginning (also in brackets, behind a priority, or with slashes), syslog's {@code May 1
 * 12:34:56}, {@code [01/May/2024:12:34:56 +0000]} of web servers, klog's {@code I0501
 * 12:34:56.123456}, and the fields time, timestamp, ts, t and @timestamp of JSON and logfmt. A time
 * without a zone is this host's; one more than a day ahead is not believed. Used by one thread.
 */
final class LineTime {

  static final long NONE = Rfc3339.NONE;

  private static final int FIELD_BYTES = 512;
  private static final int BRACKET_BYTES = 256;
  private static final long DAY_NS = 86_400_000_000_000L;
  private static final long ZONE_STEP_S = 900;

  private static final byte[][] JSON_KEYS = {
    bytes("\"time\""),
    bytes("\"timestamp\""),
    bytes("\"ts\""),
    bytes("\"@timestamp\""),
    bytes("\"t\"")
  };
  private static final byte[][] LOGFMT_KEYS = {
    bytes("time="), bytes("ts="), bytes("timestamp="), bytes("t=")
  };

  private final ZoneId zone;
  private final InstantSource clock;
  private long offsetStep = Long.MIN_VALUE;
  private int offset;
  private int yearNow;
  private long yearUntilMs = Long.MIN_VALUE;

  /** How fine the time found last is, in nanoseconds. */
  private long resolutionNs = 1;

  LineTime(ZoneId zone, InstantSource clock) {
    this.zone = zone;
    this.clock = clock;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** How fine the time found last is: a second for times without a fraction. */
  long resolutionNs() {
    return resolutionNs;
  }

  /** Unix nanoseconds; {@link #NONE} when the line tells no time. */
  long find(byte[] line, int from, int length) {
    if (length < 8) {
      return NONE;
    }
    long time = read(line, from, from + length);
    return time != NONE && time > clock.millis() * 1_000_000L + DAY_NS ? NONE : time;
  }

  private long read(byte[] line, int start, int to) {
    int from = start;
    byte first = line[from];
    if (first == '<') {
      int end = from + 1;
      while (end < to && end < from + 5 && line[end] != '>') {
        end++;
      }
      from = end < to && line[end] == '>' ? end + 1 : from;
      if (from + 2 < to && line[from] == '1' && line[from + 1] == ' ') {
        from += 2;
      }
    }
    if (from < to && (line[from] == '[' || line[from] == '(')) {
      from++;
    }
    if (from >= to) {
      return NONE;
    }
    byte c = line[from];
    if (c >= '0' && c <= '9') {
      long time = iso(line, from, to);
      return time != NONE ? time : bracketed(line, from, to);
    }
    if (c == '{') {
      return jsonField(line, from, to);
    }
    if (c >= 'A' && c <= 'Z') {
      long time = named(line, from, to);
      if (time != NONE) {
        return time;
      }
    }
    long time = logfmtField(line, from, to);
    return time != NONE ? time : bracketed(line, from, to);
  }

  /** {@code 2024-05-01 12:34:56.123+02:00}, and with {@code /}, {@code T}, {@code ,}. */
  private long iso(byte[] line, int from, int to) {
    if (to - from < 19
        || line[from + 4] != '-' && line[from + 4] != '/'
        || line[from + 7] != line[from + 4]
        || line[from + 10] != 'T' && line[from + 10] != ' ' && line[from + 10] != ':') {
      return NONE;
    }
    int year = digits(line, from, 4);
    int month = digits(line, from + 5, 2);
    int day = digits(line, from + 8, 2);
    return clock(line, from + 11, to, year, month, day);
  }

  /** The time of day at {@code from}, with fraction and zone if there are. */
  private long clock(byte[] line, int from, int to, int year, int month, int day) {
    if (to - from < 8 || line[from + 2] != ':' || line[from + 5] != ':') {
      return NONE;
    }
    int hour = digits(line, from, 2);
    int minute = digits(line, from + 3, 2);
    int second = digits(line, from + 6, 2);
    if (year < 1970
        || year > 2250
        || month < 1
        || month > 12
        || day < 1
        || day > Rfc3339.daysOf(year, month)
        || hour < 0
        || hour > 23
        || minute < 0
        || minute > 59
        || second < 0
        || second > 60) {
      return NONE;
    }
    int at = from + 8;
    long nanos = 0;
    resolutionNs = 1_000_000_000L;
    if (at + 1 < to && (line[at] == '.' || line[at] == ',') && digits(line, at + 1, 1) >= 0) {
      long scale = 100_000_000;
      for (at++; at < to && line[at] >= '0' && line[at] <= '9'; at++) {
        nanos += scale * (line[at] - '0');
        resolutionNs = Math.max(1, scale);
        scale /= 10;
      }
    }
    long local = Rfc3339.epochDay(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    if (at < to && line[at] == ' ' && at + 5 < to && isSign(line[at + 1])) {
      at++;
    }
    return (local - zoneSeconds(line, at, to, local)) * 1_000_000_000L + nanos;
  }

  private static boolean isSign(byte b) {
    return b == '+' || b == '-';
  }

  private int zoneSeconds(byte[] line, int at, int to, long localSeconds) {
    if (at < to && line[at] == 'Z') {
      return 0;
    }
    if (at + 4 < to && isSign(line[at])) {
      int hours = digits(line, at + 1, 2);
      boolean colon = at + 5 < to && line[at + 3] == ':';
      int minutes = digits(line, at + (colon ? 4 : 3), 2);
      if (hours >= 0 && hours <= 18 && minutes >= 0 && minutes < 60) {
        int seconds = hours * 3600 + minutes * 60;
        return line[at] == '-' ? -seconds : seconds;
      }
    }
    if (at + 3 < to && line[at] == ' ' && line[at + 1] == 'U' && line[at + 2] == 'T') {
      return 0;
    }
    // Offsets change at quarters of an hour, if at all.
    long step = Math.floorDiv(localSeconds, ZONE_STEP_S);
    if (step != offsetStep) {
      offsetStep = step;
      offset =
          zone.getRules()
              .getOffset(LocalDateTime.ofEpochSecond(step * ZONE_STEP_S, 0, ZoneOffset.UTC))
              .getTotalSeconds();
    }
    return offset;
  }

  /** {@code May 1 12:34:56}, {@code Wed May 1 12:34:56 2024}, and klog's. */
  private long named(byte[] line, int start, int to) {
    if (to - start >= 14
        && digits(line, start + 1, 4) >= 0
        && line[start + 5] == ' '
        && line[start + 8] == ':') {
      int monthDay = digits(line, start + 1, 4);
      return withoutYear(line, start + 6, to, monthDay / 100, monthDay % 100);
    }
    int from = start;
    if (to - from >= 20 && line[from + 3] == ' ' && month(line, from) < 0) {
      from += 4;
    }
    if (to - from < 15 || line[from + 3] != ' ') {
      return NONE;
    }
    int month = month(line, from);
    int at = from + 4;
    if (line[at] == ' ') {
      at++;
    }
    int day = digits(line, at, 1);
    at++;
    if (day >= 0 && digits(line, at, 1) >= 0) {
      day = day * 10 + digits(line, at, 1);
      at++;
    }
    if (month < 0 || day < 1 || line[at] != ' ') {
      return NONE;
    }
    at++;
    int year = at + 13 <= to && line[at + 8] == ' ' ? digits(line, at + 9, 4) : -1;
    if (from != start && year > 1969 && (at + 13 == to || line[at + 13] == ' ')) {
      return clock(line, at, at + 8, year, month, day);
    }
    return withoutYear(line, at, to, month, day);
  }

  /** The last such day that is not more than a day ahead. */
  private long withoutYear(byte[] line, int at, int to, int month, int day) {
    long nowMs = clock.millis();
    if (nowMs >= yearUntilMs || yearUntilMs - nowMs > 7_200_000) {
      yearNow = Instant.ofEpochMilli(nowMs + 86_400_000).atZone(ZoneOffset.UTC).getYear();
      yearUntilMs = nowMs + 3_600_000;
    }
    long time = clock(line, at, to, yearNow, month, day);
    if (time == NONE || time > nowMs * 1_000_000L + DAY_NS) {
      time = clock(line, at, to, yearNow - 1, month, day);
    }
    return time;
  }

  /** From 1; -1 when no month's name is there. */
  private static int month(byte[] line, int at) {
    int name = (line[at] & 0xDF) << 16 | (line[at + 1] & 0xDF) << 8 | line[at + 2] & 0xDF;
    return switch (name) {
      case 'J' << 16 | 'A' << 8 | 'N' -> 1;
      case 'F' << 16 | 'E' << 8 | 'B' -> 2;
      case 'M' << 16 | 'A' << 8 | 'R' -> 3;
      case 'A' << 16 | 'P' << 8 | 'R' -> 4;
      case 'M' << 16 | 'A' << 8 | 'Y' -> 5;
      case 'J' << 16 | 'U' << 8 | 'N' -> 6;
      case 'J' << 16 | 'U' << 8 | 'L' -> 7;
      case 'A' << 16 | 'U' << 8 | 'G' -> 8;
      case 'S' << 16 | 'E' << 8 | 'P' -> 9;
      case 'O' << 16 | 'C' << 8 | 'T' -> 10;
      case 'N' << 16 | 'O' << 8 | 'V' -> 11;
      case 'D' << 16 | 'E' << 8 | 'C' -> 12;
      default -> -1;
    };
  }

  /** {@code [01/May/2024:12:34:56 +0000]} behind address and user. */
  private long bracketed(byte[] line, int from, int to) {
    int end = Math.min(to - 22, from + BRACKET_BYTES);
    for (int i = from; i < end; i++) {
      if (line[i] == '[' && line[i + 3] == '/' && line[i + 7] == '/' && line[i + 12] == ':') {
        return clock(
            line, i + 13, to, digits(line, i + 8, 4), month(line, i + 4), digits(line, i + 1, 2));
      }
    }
    return NONE;
  }

  private long jsonField(byte[] line, int from, int to) {
    int end = Math.min(to, from + FIELD_BYTES);
    for (int i = from + 1; i < end; i++) {
      if (line[i] != '"' || line[i - 1] != '{' && line[i - 1] != ',' && line[i - 1] != ' ') {
        continue;
      }
      for (byte[] key : JSON_KEYS) {
        if (startsWith(line, i, end, key)) {
          int at = i + key.length;
          while (at < end && (line[at] == ' ' || line[at] == ':')) {
            at++;
          }
          if (at < end && line[at] == '"') {
            return iso(line, at + 1, to);
          }
          return unix(line, at, to);
        }
      }
    }
    return NONE;
  }

  private long logfmtField(byte[] line, int from, int to) {
    int end = Math.min(to, from + BRACKET_BYTES);
    for (int i = from; i < end; i++) {
      if (i > from && line[i - 1] != ' ') {
        continue;
      }
      for (byte[] key : LOGFMT_KEYS) {
        if (startsWith(line, i, end, key)) {
          int at = i + key.length;
          if (at < end && line[at] == '"') {
            at++;
          }
          long time = iso(line, at, to);
          return time != NONE ? time : unix(line, at, to);
        }
      }
    }
    return NONE;
  }

  /** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size. */
  private long unix(byte[] line, int from, int to) {
    int at = from;
    long whole = 0;
    while (at < to && at - from < 19 && line[at] >= '0' && line[at] <= '9') {
      whole = whole * 10 + line[at++] - '0';
    }
    int length = at - from;
    long unit;
    if (length == 10) {
      unit = 1_000_000_000L;
    } else if (length == 13) {
      unit = 1_000_000L;
    } else if (length == 16) {
      unit = 1_000L;
    } else if (length == 19) {
      unit = 1L;
    } else {
      return NONE;
    }
    long nanos = whole * unit;
    resolutionNs = unit;
    if (at + 1 < to && line[at] == '.') {
      for (at++; at < to && line[at] >= '0' && line[at] <= '9' && resolutionNs > 1; at++) {
        resolutionNs /= 10;
        nanos += resolutionNs * (line[at] - '0');
      }
    }
    return nanos < 0 ? NONE : nanos;
  }

  private static boolean startsWith(byte[] line, int at, int to, byte[] text) {
    if (to - at < text.length) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (line[at + i] != text[i]) {
        return false;
      }
    }
    return true;
  }
}
