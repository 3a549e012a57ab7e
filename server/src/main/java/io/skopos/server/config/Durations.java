// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Prometheus writes them: {@code 15s}, {@code 1h30m}, {@code 15d}; {@code 0} without a
 * unit.
 */
public final class Durations {

  private static final Pattern FORM =
      Pattern.compile(
          "(?:(\\d+)y)?(?:(\\d+)w)?(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");
  private static final long[] MILLIS = {
    31_536_000_000L, 604_800_000L, 86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L
  };
  private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};

  private Durations() {}

  public static Duration parse(String text) {
    String trimmed = text.trim();
    if (trimmed.equals("0")) {
      return Duration.ZERO;
    }
    Matcher matcher = FORM.matcher(trimmed);
    if (trimmed.isEmpty() || !matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a duration; write for example 30s, 1h30m or 15d");
    }
    long millis = 0;
    try {
      for (int unit = 0; unit < MILLIS.length; unit++) {
        String number = matcher.group(unit + 1);
        if (number != null) {
          millis = Math.addExact(millis, Math.multiplyExact(Long.parseLong(number), MILLIS[unit]));
        }
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("the duration '" + text + "' is too long", e);
    }
    return Duration.ofMillis(millis);
  }

  public static String format(Duration duration) {
    long rest = duration.toMillis();
    if (rest == 0) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    for (int unit = 0; unit < MILLIS.length; unit++) {
      long count = rest / MILLIS[unit];
      // Weeks and years only when they say it all: 30d stays 30d, as Prometheus prints it.
      if (count > 0 && (unit > 1 || rest % MILLIS[unit] == 0)) {
        text.append(count).append(UNITS[unit]);
        rest -= count * MILLIS[unit];
      }
    }
    return text.toString();
  }
}
