// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the parameters all query endpoints share, with Prometheus' texts for what is wrong. */
final class QueryParameters {

  /** Days 100 million before and after 1970, as in JavaScript's dates: ample, and no overflow. */
  static final long MAX_TIME_MS = 8_640_000_000_000_000L;

  /** What Prometheus' own clients send for "from the beginning" and "to the end". */
  private static final String MIN_TIME = "-292273086-05-16T16:47:06Z";

  private static final String MAX_TIME = "292277025-08-18T07:12:54.999999999Z";

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

  private static final Pattern DURATION =
      Pattern.compile(
          "(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?"
              + "(?:([0-9]+)ms)?");

  private static final long[] UNIT_MS = {
    365 * 86_400_000L, 7 * 86_400_000L, 86_400_000L, 3_600_000L, 60_000L, 1000L, 1L
  };

  private QueryParameters() {}

  /** Unix milliseconds of a time that may be missing, as most endpoints word its error. */
  static long time(Parameters parameters, String name, long missing) {
    String text = parameters.getOrEmpty(name);
    if (text.isEmpty()) {
      return missing;
    }
    try {
      return parseTime(text);
    } catch (IllegalArgumentException e) {
      throw invalid(name, "invalid time value for '" + name + "': " + e.getMessage());
    }
  }

  /** Unix milliseconds of a time that must be there, as {@code query_range} words its error. */
  static long requiredTime(Parameters parameters, String name) {
    try {
      return parseTime(parameters.getOrEmpty(name));
    } catch (IllegalArgumentException e) {
      throw invalid(name, String.valueOf(e.getMessage()));
    }
  }

  static Duration duration(Parameters parameters, String name) {
    try {
      return parseDuration(parameters.getOrEmpty(name));
    } catch (IllegalArgumentException e) {
      throw invalid(name, String.valueOf(e.getMessage()));
    }
  }

  /** 0 when missing, which means all. */
  static int limit(Parameters parameters) {
    String text = parameters.getOrEmpty("limit");
    if (text.isEmpty()) {
      return 0;
    }
    int limit;
    try {
      limit = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw invalid("limit", "strconv.Atoi: parsing \"" + text + "\": invalid syntax");
    }
    if (limit < 0) {
      throw invalid("limit", "limit must be non-negative");
    }
    return limit;
  }

  /** {@code true}, {@code 1} or nothing behind the name mean yes; missing means no. */
  static boolean flag(Parameters parameters, String name) {
    String text = parameters.get(name);
    if (text == null) {
      return false;
    }
    return switch (text) {
      case "", "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw invalid(name, "'" + text + "' is neither true nor false");
    };
  }

  static HttpError invalid(String name, String problem) {
    return HttpError.badData("invalid parameter \"" + name + "\": " + problem);
  }

  /** Seconds as a float, or RFC 3339. */
  static long parseTime(String text) {
    if (NUMBER.matcher(text).matches()) {
      double seconds = Double.parseDouble(text);
      if (Math.abs(seconds) <= MAX_TIME_MS / 1000.0) {
        double whole = seconds < 0 ? Math.ceil(seconds) : Math.floor(seconds);
        return (long) whole * 1000 + Math.round((seconds - whole) * 1000);
      }
    } else if (text.equals(MIN_TIME)) {
      return -MAX_TIME_MS;
    } else if (text.equals(MAX_TIME)) {
      return MAX_TIME_MS;
    } else {
      try {
        long timeMs = OffsetDateTime.parse(text).toInstant().toEpochMilli();
        if (Math.abs(timeMs) <= MAX_TIME_MS) {
          return timeMs;
        }
      } catch (DateTimeException | ArithmeticException _) {
        // Falls through to the one message for all of them.
      }
    }
    throw new IllegalArgumentException("cannot parse \"" + text + "\" to a valid timestamp");
  }

  /** Seconds as a float, or {@code 1h30m}. */
  static Duration parseDuration(String text) {
    if (NUMBER.matcher(text).matches()) {
      double nanos = Double.parseDouble(text) * 1e9;
      if (Math.abs(nanos) >= Long.MAX_VALUE) {
        throw new IllegalArgumentException(
            "cannot parse \"" + text + "\" to a valid duration. It overflows int64");
      }
      return Duration.ofNanos((long) nanos);
    }
    Matcher units = DURATION.matcher(text);
    if (!text.isEmpty() && units.matches()) {
      try {
        long millis = 0;
        for (int i = 0; i < UNIT_MS.length; i++) {
          String count = units.group(i + 1);
          if (count != null) {
            millis = Math.addExact(millis, Math.multiplyExact(Long.parseLong(count), UNIT_MS[i]));
          }
        }
        return Duration.ofMillis(millis);
      } catch (ArithmeticException | NumberFormatException _) {
        // Falls through: too long to be meant.
      }
    }
    throw new IllegalArgumentException("cannot parse \"" + text + "\" to a valid duration");
  }
}
