// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.logs.language.Direction;
import io.skopos.model.config.PrometheusDuration;
import io.skopos.serving.query.QueryDescription;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads the parameters that Loki's endpoints share. Times are Unix nanoseconds. */
final class LokiParameters {

  static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000;
  private static final long HOUR = 3600 * SECOND;
  private static final int DEFAULT_LIMIT = 100;
  private static final Pattern NUMBER =
      Pattern.compile("-?[0-9]{1,30}(\\.[0-9]{0,30})?([eE][+-]?[0-9]{1,3})?");

  private LokiParameters() {}

  /**
   * A range of time.
   *
   * @param endNs not included by entries
   */
  record Bounds(long startNs, long endNs) {

    /**
     * What is asked about it.
     *
     * @param stepNs 0 without steps
     */
    QueryDescription description(String kind, String text, long stepNs) {
      return new QueryDescription(
          kind, text, Math.floorDiv(startNs, MILLI), Math.floorDiv(endNs, MILLI), stepNs / MILLI);
    }
  }

  /** {@code start}, {@code end} and {@code since}; an hour until now when they are missing. */
  static Bounds bounds(Parameters parameters, InstantSource clock) {
    long nowNs = clock.millis() * MILLI;
    long end = time(parameters, "end", nowNs);
    long since = duration(parameters, "since", HOUR);
    // Before an end that lies in the future, "since" counts from now.
    long start = time(parameters, "start", Math.min(end, nowNs) - since);
    if (end < start) {
      throw HttpError.badData("end timestamp must not be before or equal to start time");
    }
    return new Bounds(start, end);
  }

  static long time(Parameters parameters, String name, long missing) {
    String text = parameters.getOrEmpty(name);
    return text.isEmpty() ? missing : time(name, text);
  }

  /** Nanoseconds, seconds (up to ten digits, or with a fraction), or RFC 3339. */
  private static long time(String name, String text) {
    try {
      if (NUMBER.matcher(text).matches()) {
        boolean seconds = text.length() <= 10 || text.indexOf('.') >= 0 || text.indexOf('e') >= 0;
        BigDecimal number = new BigDecimal(text);
        return (seconds ? number.movePointRight(9) : number).toBigInteger().longValueExact();
      }
      Instant time = OffsetDateTime.parse(text).toInstant();
      return Math.addExact(Math.multiplyExact(time.getEpochSecond(), SECOND), time.getNano());
    } catch (DateTimeException | ArithmeticException e) {
      throw HttpError.badData(
          "could not parse '" + name + "' parameter: '" + text + "' is no time");
    }
  }

  /** Seconds as a number, or like {@code 5m}. */
  static long duration(Parameters parameters, String name, long missing) {
    String text = parameters.getOrEmpty(name);
    if (text.isEmpty()) {
      return missing;
    }
    try {
      if (NUMBER.matcher(text).matches()) {
        return new BigDecimal(text).movePointRight(9).toBigInteger().longValueExact();
      }
      return goDuration(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw HttpError.badData(
          "cannot parse \"" + text + "\" to a valid duration (parameter " + name + ")");
    }
  }

  /** Go's units below a second, else Prometheus'. */
  private static long goDuration(String text) {
    for (String unit : new String[] {"ns", "us", "µs"}) {
      if (text.endsWith(unit)) {
        String number = text.substring(0, text.length() - unit.length());
        if (NUMBER.matcher(number).matches()) {
          int digits = unit.equals("ns") ? 0 : 3;
          return new BigDecimal(number).movePointRight(digits).toBigInteger().longValueExact();
        }
      }
    }
    return PrometheusDuration.parse(text).toNanos();
  }

  /** Points of a range query; by default as many as a screen has. */
  static long step(Parameters parameters, Bounds bounds) {
    long step =
        duration(
            parameters,
            "step",
            Math.max(1, (bounds.endNs() - bounds.startNs()) / 250 / SECOND) * SECOND);
    if (step <= 0) {
      throw HttpError.badData(
          "zero or negative query resolution step widths are not accepted. Try a positive integer");
    }
    if ((bounds.endNs() - bounds.startNs()) / step > 11_000) {
      throw HttpError.badData(
          "exceeded maximum resolution of 11,000 points per time series. Try increasing the value"
              + " of the step parameter");
    }
    return step;
  }

  static Direction direction(Parameters parameters) {
    return switch (parameters.getOrEmpty("direction").toLowerCase(Locale.ROOT)) {
      case "", "backward" -> Direction.BACKWARD;
      case "forward" -> Direction.FORWARD;
      default ->
          throw HttpError.badData("invalid direction '" + parameters.getOrEmpty("direction") + "'");
    };
  }

  static int limit(Parameters parameters) {
    return limit(parameters, "limit", DEFAULT_LIMIT);
  }

  static int limit(Parameters parameters, String name, int missing) {
    String text = parameters.getOrEmpty(name);
    if (text.isEmpty()) {
      return missing;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit > 0) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw HttpError.badData(
          "strconv.ParseInt: parsing \"" + text + "\": invalid syntax (parameter " + name + ")");
    }
    throw HttpError.badData("limit must be a positive value (parameter " + name + ")");
  }

  static String required(Parameters parameters, String name) {
    String text = parameters.getOrEmpty(name);
    if (text.isBlank()) {
      throw HttpError.badData("the parameter " + name + " is missing");
    }
    return text;
  }
}
