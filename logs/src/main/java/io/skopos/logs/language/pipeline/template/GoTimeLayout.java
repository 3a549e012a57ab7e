// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times written and read by example, as Go does: {@code 2006-01-02T15:04:05Z07:00}. */
final class GoTimeLayout {

  private static final List<String> MONTHS =
      List.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December");
  private static final List<String> DAYS =
      List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

  /** The longest that fits first. */
  private static final List<String> ELEMENTS =
      List.of(
          "January",
          "Jan",
          "Monday",
          "Mon",
          "MST",
          "2006",
          "Z070000",
          "Z07:00:00",
          "Z0700",
          "Z07:00",
          "Z07",
          "-070000",
          "-07:00:00",
          "-0700",
          "-07:00",
          "-07",
          "002",
          "01",
          "02",
          "03",
          "04",
          "05",
          "06",
          "15",
          "__2",
          "_2",
          "PM",
          "pm",
          "1",
          "2",
          "3",
          "4",
          "5");

  private GoTimeLayout() {}

  private static @Nullable String element(String layout, int at) {
    char c = layout.charAt(at);
    if ((c == '.' || c == ',')
        && at + 1 < layout.length()
        && (layout.charAt(at + 1) == '0' || layout.charAt(at + 1) == '9')) {
      int end = at + 1;
      while (end < layout.length() && layout.charAt(end) == layout.charAt(at + 1)) {
        end++;
      }
      if (end == layout.length() || !Character.isDigit(layout.charAt(end))) {
        return layout.substring(at, end);
      }
    }
    for (String element : ELEMENTS) {
      if (layout.startsWith(element, at)) {
        boolean within =
            element.equals("Jan")
                && at + 3 < layout.length()
                && Character.isLowerCase(layout.charAt(at + 3));
        if (!within && !(element.equals("_2") && layout.startsWith("_2006", at))) {
          return element;
        }
      }
    }
    return null;
  }

  static String format(String layout, GoTime time) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < layout.length()) {
      String element = element(layout, at);
      if (element == null) {
        out.append(layout.charAt(at++));
      } else {
        append(out, element, time.time());
        at += element.length();
      }
    }
    return out.toString();
  }

  private static void append(StringBuilder out, String element, ZonedDateTime time) {
    int hour12 = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
    switch (element) {
      case "2006" -> padded(out, time.getYear(), 4);
      case "06" -> padded(out, Math.floorMod(time.getYear(), 100), 2);
      case "01" -> padded(out, time.getMonthValue(), 2);
      case "1" -> out.append(time.getMonthValue());
      case "Jan" -> out.append(MONTHS.get(time.getMonthValue() - 1), 0, 3);
      case "January" -> out.append(MONTHS.get(time.getMonthValue() - 1));
      case "02" -> padded(out, time.getDayOfMonth(), 2);
      case "2" -> out.append(time.getDayOfMonth());
      case "_2" -> spaced(out, time.getDayOfMonth(), 2);
      case "002" -> padded(out, time.getDayOfYear(), 3);
      case "__2" -> spaced(out, time.getDayOfYear(), 3);
      case "Mon" -> out.append(DAYS.get(time.getDayOfWeek().getValue() - 1), 0, 3);
      case "Monday" -> out.append(DAYS.get(time.getDayOfWeek().getValue() - 1));
      case "15" -> padded(out, time.getHour(), 2);
      case "03" -> padded(out, hour12, 2);
      case "3" -> out.append(hour12);
      case "04" -> padded(out, time.getMinute(), 2);
      case "4" -> out.append(time.getMinute());
      case "05" -> padded(out, time.getSecond(), 2);
      case "5" -> out.append(time.getSecond());
      case "PM" -> out.append(time.getHour() < 12 ? "AM" : "PM");
      case "pm" -> out.append(time.getHour() < 12 ? "am" : "pm");
      case "MST" -> out.append(zoneName(time));
      default -> {
        if (element.charAt(0) == '.' || element.charAt(0) == ',') {
          fraction(out, element, time.getNano());
        } else {
          offset(out, element, time.getOffset().getTotalSeconds());
        }
      }
    }
  }

  private static String zoneName(ZonedDateTime time) {
    if (time.getOffset().getTotalSeconds() == 0 && time.getZone() instanceof ZoneOffset) {
      return "UTC";
    }
    if (time.getZone() instanceof ZoneOffset) {
      StringBuilder out = new StringBuilder();
      offset(out, "-07", time.getOffset().getTotalSeconds());
      return out.toString();
    }
    boolean summer = time.getZone().getRules().isDaylightSavings(time.toInstant());
    return java.util.TimeZone.getTimeZone(time.getZone())
        .getDisplayName(summer, java.util.TimeZone.SHORT, Locale.ENGLISH)
        .replace("GMT+00:00", "UTC");
  }

  private static void padded(StringBuilder out, int number, int width) {
    String text = Integer.toString(number);
    out.repeat('0', Math.max(0, width - text.length())).append(text);
  }

  private static void spaced(StringBuilder out, int number, int width) {
    String text = Integer.toString(number);
    out.repeat(' ', Math.max(0, width - text.length())).append(text);
  }

  private static void fraction(StringBuilder out, String element, int nanos) {
    String digits = String.format(Locale.ROOT, "%09d", nanos);
    digits = digits.substring(0, Math.min(9, element.length() - 1));
    if (element.charAt(1) == '9') {
      int end = digits.length();
      while (end > 0 && digits.charAt(end - 1) == '0') {
        end--;
      }
      digits = digits.substring(0, end);
    }
    if (!digits.isEmpty()) {
      out.append(element.charAt(0)).append(digits);
    }
  }

  private static void offset(StringBuilder out, String element, int seconds) {
    if (element.charAt(0) == 'Z' && seconds == 0) {
      out.append('Z');
      return;
    }
    int abs = Math.abs(seconds);
    out.append(seconds < 0 ? '-' : '+');
    padded(out, abs / 3600, 2);
    if (element.length() > 3) {
      if (element.contains(":")) {
        out.append(':');
      }
      padded(out, abs / 60 % 60, 2);
    }
    if (element.length() > 6) {
      if (element.contains(":")) {
        out.append(':');
      }
      padded(out, abs % 60, 2);
    }
  }

  /** Null when the text does not fit the layout. */
  static @Nullable GoTime parse(String layout, String text, ZoneId zone) {
    Fields fields = new Fields(text);
    int at = 0;
    while (at < layout.length()) {
      String element = element(layout, at);
      if (element == null) {
        char c = layout.charAt(at++);
        if (fields.at >= text.length() || text.charAt(fields.at) != c) {
          return null;
        }
        fields.at++;
      } else {
        if (!fields.read(element)) {
          return null;
        }
        at += element.length();
        fields.optionalFraction(element, layout, at);
      }
    }
    return fields.at == text.length() ? fields.time(zone) : null;
  }

  private static final class Fields {
    private final String text;
    private int at;
    private int year = 0;
    private int month = 1;
    private int day = 1;
    private int dayOfYear;
    private int hour;
    private int minute;
    private int second;
    private int nano;
    private int half = -1;
    private @Nullable ZoneOffset offset;

    private Fields(String text) {
      this.text = text;
    }

    private boolean read(String element) {
      switch (element) {
        case "2006" -> year = number(4, 4);
        case "06" -> {
          int two = number(2, 2);
          year = two < 0 ? -1 : two < 69 ? 2000 + two : 1900 + two;
        }
        case "01" -> month = number(2, 2);
        case "1" -> month = number(1, 2);
        case "Jan" -> month = name(MONTHS, 3);
        case "January" -> month = name(MONTHS, 99);
        case "02" -> day = number(2, 2);
        case "2" -> day = number(1, 2);
        case "_2" -> day = spacedNumber(2);
        case "002" -> dayOfYear = number(3, 3);
        case "__2" -> dayOfYear = spacedNumber(3);
        case "Mon" -> {
          return name(DAYS, 3) > 0;
        }
        case "Monday" -> {
          return name(DAYS, 99) > 0;
        }
        case "15" -> hour = number(2, 2);
        case "03" -> hour = number(2, 2);
        case "3" -> hour = number(1, 2);
        case "04" -> minute = number(2, 2);
        case "4" -> minute = number(1, 2);
        case "05" -> second = number(2, 2);
        case "5" -> second = number(1, 2);
        case "PM", "pm" -> {
          String word = at + 2 <= text.length() ? text.substring(at, at + 2) : "";
          String upper = word.toUpperCase(Locale.ROOT);
          if (!upper.equals("AM") && !upper.equals("PM")) {
            return false;
          }
          half = upper.equals("AM") ? 0 : 1;
          at += 2;
        }
        case "MST" -> {
          return zoneName();
        }
        default -> {
          return (element.charAt(0) == '.' || element.charAt(0) == ',')
              ? fraction(element)
              : offset(element);
        }
      }
      return year >= 0
          && month > 0
          && day > 0
          && dayOfYear >= 0
          && hour >= 0
          && minute >= 0
          && second >= 0;
    }

    /** Seconds may be followed by a fraction that the layout does not have. */
    private void optionalFraction(String element, String layout, int layoutAt) {
      boolean seconds = element.equals("05") || element.equals("5");
      String next = seconds && layoutAt < layout.length() ? element(layout, layoutAt) : null;
      boolean inLayout = next != null && (next.charAt(0) == '.' || next.charAt(0) == ',');
      if (seconds
          && !inLayout
          && at + 1 < text.length()
          && (text.charAt(at) == '.' || text.charAt(at) == ',')
          && Character.isDigit(text.charAt(at + 1))) {
        int end = at + 1;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
          end++;
        }
        nano = nanos(text.substring(at + 1, end));
        at = end;
      }
    }

    private int number(int least, int most) {
      int from = at;
      while (at < text.length()
          && at - from < most
          && text.charAt(at) >= '0'
          && text.charAt(at) <= '9') {
        at++;
      }
      return at - from < least ? -1 : Integer.parseInt(text.substring(from, at));
    }

    private int spacedNumber(int width) {
      int from = at;
      while (at < text.length() && at - from < width - 1 && text.charAt(at) == ' ') {
        at++;
      }
      return number(1, width - (at - from));
    }

    private int name(List<String> names, int length) {
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(i);
        String wanted = length < name.length() ? name.substring(0, length) : name;
        if (text.regionMatches(true, at, wanted, 0, wanted.length())) {
          at += wanted.length();
          return i + 1;
        }
      }
      return -1;
    }

    private boolean fraction(String element) {
      int from = at;
      if (at >= text.length() || text.charAt(at) != element.charAt(0)) {
        return element.charAt(1) == '9';
      }
      at++;
      int digits = element.charAt(1) == '0' ? element.length() - 1 : 9;
      while (at < text.length() && at - from <= digits && Character.isDigit(text.charAt(at))) {
        at++;
      }
      if (element.charAt(1) == '0' && at - from - 1 != digits) {
        return false;
      }
      nano = nanos(text.substring(from + 1, at));
      return true;
    }

    private static int nanos(String digits) {
      String nine = (digits + "000000000").substring(0, 9);
      return Integer.parseInt(nine);
    }

    private boolean zoneName() {
      int from = at;
      while (at < text.length() && Character.isUpperCase(text.charAt(at)) && at - from < 5) {
        at++;
      }
      String name = text.substring(from, at);
      if (name.equals("UTC") || name.equals("GMT")) {
        offset = ZoneOffset.UTC;
      }
      return name.length() >= 3;
    }

    private boolean offset(String element) {
      if (element.charAt(0) == 'Z' && at < text.length() && text.charAt(at) == 'Z') {
        at++;
        offset = ZoneOffset.UTC;
        return true;
      }
      if (at >= text.length() || (text.charAt(at) != '+' && text.charAt(at) != '-')) {
        return false;
      }
      int sign = text.charAt(at++) == '-' ? -1 : 1;
      int seconds = number(2, 2) * 3600;
      for (int part = 1; part < (element.length() > 6 ? 3 : element.length() > 3 ? 2 : 1); part++) {
        if (element.contains(":")) {
          if (at >= text.length() || text.charAt(at) != ':') {
            return false;
          }
          at++;
        }
        int number = number(2, 2);
        if (number < 0) {
          return false;
        }
        seconds += part == 1 ? number * 60 : number;
      }
      if (seconds < 0 || seconds > 18 * 3600) {
        return false;
      }
      offset = ZoneOffset.ofTotalSeconds(sign * seconds);
      return true;
    }

    private @Nullable GoTime time(ZoneId zone) {
      try {
        int wall = half < 0 ? hour : hour % 12 + 12 * half;
        LocalDateTime local = LocalDateTime.of(year, month, day, wall, minute, second, nano);
        if (dayOfYear > 0) {
          local = local.withDayOfYear(dayOfYear);
        }
        ZoneId in = offset == null ? zone : offset;
        return new GoTime(local.atZone(in));
      } catch (DateTimeException e) {
        return null;
      }
    }
  }
}
