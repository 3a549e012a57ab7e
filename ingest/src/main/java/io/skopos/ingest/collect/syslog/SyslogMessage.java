// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.syslog;

import io.skopos.ingest.collect.container.Rfc3339;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a syslog message says, in the form of RFC 5424 ({@code <34>1 2024-05-01T10:00:00Z host app
 * 123 ID [sd a="b"] text}) or RFC 3164 ({@code <34>May 1 10:00:00 host app[123]: text}, and what is
 * sent as such). Texts that are not given are empty.
 *
 * @param timeNs {@link #NO_TIME} when it says none
 * @param structuredData parameters by id
 */
record SyslogMessage(
    int facility,
    int severity,
    long timeNs,
    String hostname,
    String appName,
    String procId,
    String msgId,
    Map<String, Map<String, String>> structuredData,
    String text) {

  static final long NO_TIME = Rfc3339.NONE;

  private static final int MAX_PARAMETERS = 1000;

  private static final List<String> SEVERITIES =
      List.of(
          "emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug");

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

  /** Not of the form that was asked for. */
  static final class Malformed extends Exception {

    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  String severityWord() {
    return SEVERITIES.get(severity);
  }

  String facilityWord() {
    return Facilities.WORDS.get(facility);
  }

  /**
   * @param nowMs for times without a year
   * @param zone of times without a zone
   * @param older whether messages without a version are of the older form, rather than malformed
   */
  static SyslogMessage parse(byte[] bytes, int length, long nowMs, ZoneId zone, boolean older)
      throws Malformed {
    Reading in = new Reading(bytes, length);
    int priority = in.priority();
    if (in.at + 1 < length && bytes[in.at] == '1' && bytes[in.at + 1] == ' ') {
      in.at += 2;
      return in.versioned(priority);
    }
    if (!older) {
      throw new Malformed("it is not of RFC 5424: there is no version 1 behind the priority");
    }
    return in.old(priority, nowMs, zone);
  }

  private static final class Reading {
    private final byte[] bytes;
    private final int end;
    private int at;

    Reading(byte[] bytes, int end) {
      this.bytes = bytes;
      this.end = end;
    }

    /** User and notice when there is none. */
    int priority() throws Malformed {
      if (end == 0 || bytes[0] != '<') {
        return 13;
      }
      int value = 0;
      int digit = 1;
      while (digit < end && digit < 5 && bytes[digit] >= '0' && bytes[digit] <= '9') {
        value = value * 10 + bytes[digit++] - '0';
      }
      if (digit == 1 || digit == end || bytes[digit] != '>' || value > 191) {
        throw new Malformed("it does not begin with a priority, <0> to <191>");
      }
      at = digit + 1;
      return value;
    }

    SyslogMessage versioned(int priority) throws Malformed {
      int timeFrom = at;
      String time = word();
      long timeNs = NO_TIME;
      if (!time.isEmpty()) {
        timeNs = Rfc3339.parse(bytes, timeFrom, timeFrom + time.length());
        if (timeNs == NO_TIME) {
          throw new Malformed("'" + time + "' is no time of RFC 3339");
        }
      }
      String hostname = word();
      String appName = word();
      String procId = word();
      String msgId = word();
      Map<String, Map<String, String>> data = structuredData();
      if (at < end && bytes[at] == ' ') {
        at++;
      }
      boolean mark =
          end - at >= 3
              && (bytes[at] & 0xff) == 0xEF
              && (bytes[at + 1] & 0xff) == 0xBB
              && (bytes[at + 2] & 0xff) == 0xBF;
      return new SyslogMessage(
          priority / 8,
          priority % 8,
          timeNs,
          hostname,
          appName,
          procId,
          msgId,
          data,
          text(mark ? at + 3 : at, end));
    }

    /** Up to the next space, which is passed; empty for a dash. */
    private String word() throws Malformed {
      int from = at;
      while (at < end && bytes[at] != ' ') {
        at++;
      }
      if (at == from || at == end) {
        throw new Malformed("it ends within its header");
      }
      String word = text(from, at++);
      return word.equals("-") ? "" : word;
    }

    private Map<String, Map<String, String>> structuredData() throws Malformed {
      Map<String, Map<String, String>> data = new LinkedHashMap<>();
      if (at < end && bytes[at] == '-') {
        at++;
        return data;
      }
      if (at == end || bytes[at] != '[') {
        throw new Malformed("there is no structured data, not even a dash");
      }
      int count = 0;
      while (at < end && bytes[at] == '[') {
        at++;
        int from = at;
        while (at < end && bytes[at] != ' ' && bytes[at] != ']') {
          at++;
        }
        Map<String, String> parameters =
            data.computeIfAbsent(text(from, at), _ -> new LinkedHashMap<>());
        while (at < end && bytes[at] == ' ') {
          at++;
          if (at < end && bytes[at] == ']') {
            break;
          }
          int nameFrom = at;
          while (at < end && bytes[at] != '=') {
            at++;
          }
          String name = text(nameFrom, at);
          String value = quoted();
          if (count++ < MAX_PARAMETERS) {
            parameters.put(name, value);
          }
        }
        if (at == end || bytes[at] != ']') {
          throw new Malformed("its structured data is not closed");
        }
        at++;
      }
      return data;
    }

    private String quoted() throws Malformed {
      if (at + 1 >= end || bytes[at + 1] != '"') {
        throw new Malformed("a parameter of its structured data has no value in quotes");
      }
      at += 2;
      byte[] value = new byte[end - at];
      int length = 0;
      while (at < end && bytes[at] != '"') {
        boolean escape =
            bytes[at] == '\\'
                && at + 1 < end
                && (bytes[at + 1] == '"' || bytes[at + 1] == '\\' || bytes[at + 1] == ']');
        if (escape) {
          at++;
        }
        value[length++] = bytes[at++];
      }
      if (at == end) {
        throw new Malformed("a value of its structured data is not closed");
      }
      at++;
      return new String(value, 0, length, StandardCharsets.UTF_8);
    }

    SyslogMessage old(int priority, long nowMs, ZoneId zone) {
      long timeNs = oldTime(nowMs, zone);
      String hostname = "";
      if (timeNs != NO_TIME) {
        int from = at;
        while (at < end && bytes[at] != ' ') {
          at++;
        }
        // Some leave the host out: then the tag stands here.
        if (at < end && bytes[at - 1] != ':' && at > from) {
          hostname = text(from, at);
          at++;
        } else {
          at = from;
        }
      }
      int tagFrom = at;
      while (at < end && isTag(bytes[at]) && at - tagFrom < 48) {
        at++;
      }
      String appName = "";
      String procId = "";
      int tagEnd = at;
      if (at < end && at > tagFrom && bytes[at] == '[') {
        int close = at + 1;
        while (close < end && bytes[close] != ']' && close - at < 64) {
          close++;
        }
        if (close < end && bytes[close] == ']') {
          procId = text(at + 1, close);
          at = close + 1;
        }
      }
      if (at < end && at > tagFrom && bytes[at] == ':') {
        appName = text(tagFrom, tagEnd);
        at++;
        while (at < end && bytes[at] == ' ') {
          at++;
        }
      } else {
        at = tagFrom;
        procId = "";
      }
      return new SyslogMessage(
          priority / 8,
          priority % 8,
          timeNs,
          hostname,
          appName,
          procId,
          "",
          Map.of(),
          text(at, end));
    }

    private static boolean isTag(byte b) {
      return b > ' ' && b != ':' && b != '[';
    }

    /** Passes the time and the space behind it; {@link #NO_TIME} when there is none. */
    private long oldTime(long nowMs, ZoneId zone) {
      int word = at;
      while (word < end && bytes[word] != ' ') {
        word++;
      }
      long iso = Rfc3339.parse(bytes, at, word);
      if (iso != NO_TIME) {
        at = Math.min(end, word + 1);
        return iso;
      }
      if (end - at < 16 || bytes[at + 3] != ' ' || bytes[at + 15] != ' ') {
        return NO_TIME;
      }
      int month = MONTHS.indexOf(text(at, at + 3).toLowerCase(Locale.ROOT)) + 1;
      int tens = bytes[at + 4] == ' ' ? 0 : Rfc3339.digits(bytes, at + 4, 1);
      int ones = Rfc3339.digits(bytes, at + 5, 1);
      int hour = Rfc3339.digits(bytes, at + 7, 2);
      int minute = Rfc3339.digits(bytes, at + 10, 2);
      int second = Rfc3339.digits(bytes, at + 13, 2);
      if (month == 0 || tens < 0 || ones < 0 || hour < 0 || minute < 0 || second < 0) {
        return NO_TIME;
      }
      try {
        int year = Instant.ofEpochMilli(nowMs + 86_400_000).atZone(zone).getYear();
        long time = time(year, month, tens * 10 + ones, hour, minute, second, zone);
        if (time > (nowMs + 86_400_000) * 1_000_000L) {
          time = time(year - 1, month, tens * 10 + ones, hour, minute, second, zone);
        }
        at += 16;
        return time;
      } catch (DateTimeException e) {
        return NO_TIME;
      }
    }

    private static long time(
        int year, int month, int day, int hour, int minute, int second, ZoneId zone) {
      return LocalDateTime.of(year, month, day, hour, minute, Math.min(second, 59))
              .atZone(zone)
              .toEpochSecond()
          * 1_000_000_000L;
    }

    private String text(int from, int to) {
      return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
  }
}
