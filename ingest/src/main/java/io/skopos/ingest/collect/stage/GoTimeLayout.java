// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A layout of Go's {@code time} package, whose example time is {@code Mon Jan 2 15:04:05 2006
 * -0700}, for reading. A fraction may follow the seconds though the layout has none, as in Go; a
 * time without a year is taken to be the last such one. Thread-safe.
 */
final class GoTimeLayout {

  private static final Map<String, String> NAMED =
      Map.ofEntries(
          Map.entry("ANSIC", "Mon Jan _2 15:04:05 2006"),
          Map.entry("UnixDate", "Mon Jan _2 15:04:05 MST 2006"),
          Map.entry("RubyDate", "Mon Jan 02 15:04:05 -0700 2006"),
          Map.entry("RFC822", "02 Jan 06 15:04 MST"),
          Map.entry("RFC822Z", "02 Jan 06 15:04 -0700"),
          Map.entry("RFC850", "Monday, 02-Jan-06 15:04:05 MST"),
          Map.entry("RFC1123", "Mon, 02 Jan 2006 15:04:05 MST"),
          Map.entry("RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700"),
          Map.entry("RFC3339", "2006-01-02T15:04:05Z07:00"),
          Map.entry("RFC3339Nano", "2006-01-02T15:04:05.999999999Z07:00"));

  private static final String[] MONTHS = {
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december"
  };
  private static final String[] DAYS = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
  };

  /** Longest first where one begins as another does. */
  private static final String[] PARTS = {
    "January",
    "Jan",
    "Monday",
    "Mon",
    "MST",
    "2006",
    "-07:00:00",
    "-07:00",
    "-0700",
    "-07",
    "Z07:00:00",
    "Z07:00",
    "Z0700",
    "Z07",
    "002",
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "_2",
    "15",
    "PM",
    "pm",
    "1",
    "2",
    "3",
    "4",
    "5"
  };

  /**
   * @param name of {@link #PARTS}, "." for a fraction, "" for text that stands there
   */
  private record Part(String name, String text) {}

  private final List<Part> parts;
  private final ZoneId zone;

  private GoTimeLayout(List<Part> parts, ZoneId zone) {
    this.parts = parts;
    this.zone = zone;
  }

  /**
   * @param layout a layout or the name of one of Go's constants
   * @param zone of times that do not say theirs
   */
  static GoTimeLayout of(String layout, ZoneId zone) {
    String text = NAMED.getOrDefault(layout, layout);
    List<Part> parts = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int fraction = fractionLength(text, at);
      String part = fraction > 0 ? "." : partAt(text, at);
      if (part.isEmpty()) {
        plain.append(text.charAt(at++));
        continue;
      }
      if (!plain.isEmpty()) {
        parts.add(new Part("", plain.toString()));
        plain.setLength(0);
      }
      parts.add(new Part(part, text.substring(at, at + Math.max(fraction, part.length()))));
      at += Math.max(fraction, part.length());
    }
    if (!plain.isEmpty()) {
      parts.add(new Part("", plain.toString()));
    }
    return new GoTimeLayout(List.copyOf(parts), zone);
  }

  /** Whether anything of a time stands in it. */
  boolean hasParts() {
    return parts.stream().anyMatch(part -> !part.name.isEmpty());
  }

  private static int fractionLength(String text, int at) {
    if ((text.charAt(at) != '.' && text.charAt(at) != ',') || at + 1 == text.length()) {
      return 0;
    }
    char digit = text.charAt(at + 1);
    if (digit != '0' && digit != '9') {
      return 0;
    }
    int to = at + 1;
    while (to < text.length() && text.charAt(to) == digit) {
      to++;
    }
    boolean more = to < text.length() && Character.isDigit(text.charAt(to));
    return more ? 0 : to - at;
  }

  private static String partAt(String text, int at) {
    for (String part : PARTS) {
      if (text.startsWith(part, at)) {
        boolean word = part.equals("Jan") || part.equals("Mon");
        int to = at + part.length();
        boolean goesOn = word && to < text.length() && Character.isLowerCase(text.charAt(to));
        if (!goesOn) {
          return part;
        }
      }
    }
    return "";
  }

  /** Where reading stands, and what was found. */
  private static final class Reading {
    final String text;
    int at;
    int year = Integer.MIN_VALUE;
    int month = 1;
    int day = 1;
    int dayOfYear;
    int hour;
    int minute;
    int second;
    int nanos;
    @Nullable Boolean afternoon;
    @Nullable ZoneId zone;

    Reading(String text) {
      this.text = text;
    }

    IllegalArgumentException bad() {
      return new IllegalArgumentException("'" + text + "' does not fit the layout");
    }

    int number(int least, int most) {
      int value = 0;
      int from = at;
      while (at < text.length() && at - from < most && digit(at)) {
        value = value * 10 + text.charAt(at++) - '0';
      }
      if (at - from < least) {
        throw bad();
      }
      return value;
    }

    boolean digit(int position) {
      return position < text.length()
          && text.charAt(position) >= '0'
          && text.charAt(position) <= '9';
    }

    int word(String[] names, boolean whole) {
      for (int i = 0; i < names.length; i++) {
        int length = whole ? names[i].length() : 3;
        if (text.regionMatches(true, at, names[i], 0, length)) {
          at += length;
          return i;
        }
      }
      throw bad();
    }

    void fraction() {
      at++;
      int digits = 0;
      nanos = 0;
      while (digit(at)) {
        if (digits++ < 9) {
          nanos = nanos * 10 + text.charAt(at) - '0';
        }
        at++;
      }
      for (; digits < 9; digits++) {
        nanos *= 10;
      }
    }
  }

  /**
   * Unix nanoseconds.
   *
   * @param nowNs for times without a year
   * @throws IllegalArgumentException when the text is no such time
   */
  long parse(String text, long nowNs) {
    Reading reading = new Reading(text.strip());
    for (int i = 0; i < parts.size(); i++) {
      read(parts.get(i), reading);
      boolean seconds = parts.get(i).name.equals("05") || parts.get(i).name.equals("5");
      boolean fractionFollows = i + 1 < parts.size() && parts.get(i + 1).name.equals(".");
      if (seconds && !fractionFollows && reading.at < reading.text.length()) {
        char c = reading.text.charAt(reading.at);
        if ((c == '.' || c == ',') && reading.digit(reading.at + 1)) {
          reading.fraction();
        }
      }
    }
    if (reading.at != reading.text.length()) {
      throw reading.bad();
    }
    try {
      return time(reading, nowNs);
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is no time: " + e.getMessage(), e);
    }
  }

  private static void read(Part part, Reading in) {
    switch (part.name) {
      case "" -> literal(part.text, in);
      case "." -> {
        boolean there =
            in.at < in.text.length()
                && (in.text.charAt(in.at) == '.' || in.text.charAt(in.at) == ',')
                && in.digit(in.at + 1);
        if (there) {
          in.fraction();
        } else if (part.text.charAt(1) == '0') {
          throw in.bad();
        }
      }
      case "January" -> in.month = in.word(MONTHS, true) + 1;
      case "Jan" -> in.month = in.word(MONTHS, false) + 1;
      case "Monday" -> in.word(DAYS, true);
      case "Mon" -> in.word(DAYS, false);
      case "2006" -> in.year = in.number(4, 4);
      case "06" -> {
        int year = in.number(2, 2);
        in.year = year >= 69 ? 1900 + year : 2000 + year;
      }
      case "01" -> in.month = in.number(2, 2);
      case "1" -> in.month = in.number(1, 2);
      case "02" -> in.day = in.number(2, 2);
      case "2" -> in.day = in.number(1, 2);
      case "_2" -> {
        if (in.at < in.text.length() && in.text.charAt(in.at) == ' ') {
          in.at++;
        }
        in.day = in.number(1, 2);
      }
      case "002" -> in.dayOfYear = in.number(3, 3);
      case "15" -> in.hour = in.number(1, 2);
      case "03" -> in.hour = in.number(2, 2);
      case "3" -> in.hour = in.number(1, 2);
      case "04" -> in.minute = in.number(2, 2);
      case "4" -> in.minute = in.number(1, 2);
      case "05" -> in.second = in.number(2, 2);
      case "5" -> in.second = in.number(1, 2);
      case "PM", "pm" -> {
        boolean pm = in.text.regionMatches(true, in.at, "pm", 0, 2);
        if (!pm && !in.text.regionMatches(true, in.at, "am", 0, 2)) {
          throw in.bad();
        }
        in.afternoon = pm;
        in.at += 2;
      }
      case "MST" -> zoneName(in);
      default -> offset(part.name, in);
    }
  }

  private static void literal(String text, Reading in) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (in.at >= in.text.length() || in.text.charAt(in.at) != c) {
        throw in.bad();
      }
      in.at++;
      // A space in the layout stands for any number of them.
      while (c == ' ' && in.at < in.text.length() && in.text.charAt(in.at) == ' ') {
        in.at++;
      }
    }
  }

  private static void zoneName(Reading in) {
    int from = in.at;
    while (in.at < in.text.length() && Character.isUpperCase(in.text.charAt(in.at))) {
      in.at++;
    }
    String name = in.text.substring(from, in.at);
    if (name.length() < 3 && !name.equals("Z")) {
      throw in.bad();
    }
    if (name.equals("UTC") || name.equals("GMT") || name.equals("Z")) {
      in.zone = ZoneOffset.UTC;
      return;
    }
    try {
      in.zone = ZoneId.of(name, ZoneId.SHORT_IDS);
    } catch (DateTimeException e) {
      // An abbreviation nobody knows counts as none, as in Go.
      in.zone = ZoneOffset.UTC;
    }
  }

  private static void offset(String name, Reading in) {
    if (in.at >= in.text.length()) {
      throw in.bad();
    }
    char c = in.text.charAt(in.at);
    if (name.startsWith("Z") && c == 'Z') {
      in.at++;
      in.zone = ZoneOffset.UTC;
      return;
    }
    if (c != '+' && c != '-') {
      throw in.bad();
    }
    in.at++;
    int hours = in.number(2, 2);
    int minutes = 0;
    int seconds = 0;
    boolean colons = name.indexOf(':') >= 0;
    if (name.length() > 3) {
      minutes = further(in, colons);
    }
    if (name.length() > 7) {
      seconds = further(in, colons);
    }
    int total = hours * 3600 + minutes * 60 + seconds;
    if (total > 18 * 3600) {
      throw in.bad();
    }
    in.zone = ZoneOffset.ofTotalSeconds(c == '-' ? -total : total);
  }

  private static int further(Reading in, boolean colon) {
    if (colon) {
      literal(":", in);
    }
    return in.number(2, 2);
  }

  private long time(Reading in, long nowNs) {
    int hour = in.hour;
    if (in.afternoon != null) {
      hour = hour % 12 + (in.afternoon ? 12 : 0);
    }
    ZoneId in0 = in.zone == null ? zone : in.zone;
    LocalTime time = LocalTime.of(hour, in.minute, Math.min(in.second, 59), in.nanos);
    if (in.year == Integer.MIN_VALUE) {
      return lastSuch(in, time, in0, nowNs);
    }
    LocalDate date =
        in.dayOfYear > 0
            ? LocalDate.ofYearDay(in.year, in.dayOfYear)
            : LocalDate.of(in.year, in.month, in.day);
    return nanos(LocalDateTime.of(date, time).atZone(in0));
  }

  /** The latest year in which the time is not more than a day ahead. */
  private static long lastSuch(Reading in, LocalTime time, ZoneId zone, long nowNs) {
    int year =
        Instant.ofEpochSecond(Math.floorDiv(nowNs, 1_000_000_000L) + 86_400).atZone(zone).getYear();
    for (int back = 0; ; back++) {
      try {
        LocalDate date = LocalDate.of(year - back, in.month, in.day);
        long found = nanos(LocalDateTime.of(date, time).atZone(zone));
        if (found <= nowNs + 86_400_000_000_000L) {
          return found;
        }
      } catch (DateTimeException e) {
        if (back > 8) {
          throw e;
        }
      }
    }
  }

  private static long nanos(ZonedDateTime time) {
    return Math.addExact(Math.multiplyExact(time.toEpochSecond(), 1_000_000_000L), time.getNano());
  }
}
