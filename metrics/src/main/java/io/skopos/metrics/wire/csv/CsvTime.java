// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire.csv;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/** How times are written in a column: a unit since 1970, RFC 3339, or a layout of Go's. */
@FunctionalInterface
public interface CsvTime {

  /** Go's reference time, piece by piece; longer ones first. */
  String[][] LAYOUT = {
    {"January", "MMMM"},
    {"Monday", "EEEE"},
    {"Z07:00", "XXX"},
    {"-07:00", "xxx"},
    {"-0700", "xx"},
    {"2006", "uuuu"},
    {"Jan", "MMM"},
    {"Mon", "EEE"},
    {"MST", "zzz"},
    {"01", "MM"},
    {"02", "dd"},
    {"15", "HH"},
    {"03", "hh"},
    {"04", "mm"},
    {"05", "ss"},
    {"06", "yy"},
    {"PM", "a"},
    {"_2", "ppd"},
    {"1", "M"},
    {"2", "d"},
    {"3", "h"},
    {"4", "m"},
    {"5", "s"},
  };

  /**
   * @throws IllegalArgumentException when it is no such time
   */
  long toMs(String text);

  /**
   * @throws IllegalArgumentException naming those there are
   */
  static CsvTime parse(String format) {
    return switch (format) {
      case "unix_s" -> text -> Math.multiplyExact(whole(text), 1000L);
      case "unix_ms" -> CsvTime::whole;
      case "unix_ns" -> text -> Math.floorDiv(whole(text), 1_000_000L);
      case "rfc3339" -> CsvTime::rfc3339;
      default -> {
        if (!format.startsWith("custom:")) {
          throw new IllegalArgumentException(
              "the time '"
                  + format
                  + "' of format is not unix_s, unix_ms, unix_ns, rfc3339 or custom:LAYOUT");
        }
        DateTimeFormatter formatter = formatter(format.substring("custom:".length()));
        yield text -> toMs(formatter, text);
      }
    };
  }

  private static long whole(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the time '" + text + "' is no whole number", e);
    }
  }

  private static long rfc3339(String text) {
    try {
      return OffsetDateTime.parse(text.strip()).toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("the time '" + text + "' is not RFC 3339", e);
    }
  }

  private static long toMs(DateTimeFormatter formatter, String text) {
    try {
      TemporalAccessor parsed =
          formatter.parseBest(
              text.strip(), OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
      Instant instant =
          switch (parsed) {
            case OffsetDateTime time -> time.toInstant();
            case LocalDateTime time -> time.toInstant(ZoneOffset.UTC);
            case LocalDate date -> date.atStartOfDay().toInstant(ZoneOffset.UTC);
            default -> Instant.from(parsed);
          };
      return instant.toEpochMilli();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("the time '" + text + "' has not the given layout", e);
    }
  }

  private static DateTimeFormatter formatter(String layout) {
    StringBuilder pattern = new StringBuilder();
    int at = 0;
    while (at < layout.length()) {
      int zeros = fraction(layout, at);
      if (zeros > 0) {
        pattern.append('.').append("S".repeat(zeros));
        at += zeros + 1;
        continue;
      }
      String[] piece = piece(layout, at);
      if (piece.length > 0) {
        pattern.append(piece[1]);
        at += piece[0].length();
      } else {
        char c = layout.charAt(at++);
        pattern.append(c == '\'' ? "''" : "'" + c + "'");
      }
    }
    try {
      return DateTimeFormatter.ofPattern(pattern.toString(), Locale.ENGLISH);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the layout '" + layout + "' of format is not known", e);
    }
  }

  /** How many zeros (or nines) follow a point, which stand for a fraction of a second. */
  private static int fraction(String layout, int at) {
    if (layout.charAt(at) != '.') {
      return 0;
    }
    int to = at + 1;
    while (to < layout.length()
        && to - at <= 9
        && (layout.charAt(to) == '0' || layout.charAt(to) == '9')
        && (to + 1 == layout.length() || !Character.isLetter(layout.charAt(to)))) {
      to++;
    }
    return to - at - 1;
  }

  private static String[] piece(String layout, int at) {
    for (String[] piece : LAYOUT) {
      if (layout.startsWith(piece[0], at)) {
        return piece;
      }
    }
    return new String[0];
  }
}
