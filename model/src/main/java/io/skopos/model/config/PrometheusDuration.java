// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Prometheus writes them: {@code 1y2w3d4h5m6s7ms}, or {@code 0}. */
public final class PrometheusDuration {

  private static final Pattern FORM =
      Pattern.compile(
          "(?:(\\d+)y)?(?:(\\d+)w)?(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");

  private static final long[] UNIT_MS = {
    31_536_000_000L, 604_800_000L, 86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L
  };
  private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};

  private PrometheusDuration() {}

  public static Duration parse(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher matcher = FORM.matcher(text);
    if (text.isEmpty() || !matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a duration; write for example 15s, 1m30s or 2h");
    }
    try {
      long sum = 0;
      for (int unit = 0; unit < UNITS.length; unit++) {
        String count = matcher.group(unit + 1);
        if (count != null) {
          sum = Math.addExact(sum, Math.multiplyExact(Long.parseLong(count), UNIT_MS[unit]));
        }
      }
      return Duration.ofMillis(sum);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("the duration '" + text + "' is too long", e);
    }
  }

  /**
   * As Prometheus prints it: years and weeks only where nothing is left over, so that 8d stays 8d.
   */
  public static String format(Duration duration) {
    long rest = duration.toMillis();
    if (rest == 0) {
      return "0s";
    }
    StringBuilder out = new StringBuilder();
    for (int unit = 0; unit < UNITS.length; unit++) {
      boolean exactOnly = unit < 2;
      if (exactOnly && rest % UNIT_MS[unit] != 0) {
        continue;
      }
      long count = rest / UNIT_MS[unit];
      if (count > 0) {
        out.append(count).append(UNITS[unit]);
        rest -= count * UNIT_MS[unit];
      }
    }
    return out.toString();
  }
}
