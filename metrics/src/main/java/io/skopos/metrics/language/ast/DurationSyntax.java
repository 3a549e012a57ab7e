// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import io.skopos.engine.text.StringSyntax;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How lengths of time are written: {@code 1h30m}, largest unit first. */
public final class DurationSyntax {

  private static final Pattern PARTS =
      Pattern.compile(
          "(?:(\\d+)y)?(?:(\\d+)w)?(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");
  private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
  private static final long[] MILLIS = {
    31_536_000_000L, 604_800_000L, 86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L
  };

  /** Durations are kept in nanoseconds by the programs we agree with. */
  private static final long MAX_MILLIS = Long.MAX_VALUE / 1_000_000;

  private DurationSyntax() {}

  /**
   * The milliseconds written.
   *
   * @throws IllegalArgumentException with a text for the user
   */
  public static long parse(String text) {
    Matcher matcher = PARTS.matcher(text);
    if (text.isEmpty() || !matcher.matches()) {
      throw new IllegalArgumentException(
          "not a valid duration string: " + StringSyntax.quote(text));
    }
    try {
      long millis = 0;
      for (int i = 0; i < UNITS.length; i++) {
        String count = matcher.group(i + 1);
        if (count != null) {
          millis = Math.addExact(millis, Math.multiplyExact(Long.parseLong(count), MILLIS[i]));
        }
      }
      if (millis > MAX_MILLIS) {
        throw new IllegalArgumentException("duration out of range");
      }
      return millis;
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("duration out of range", e);
    }
  }

  /** Years and weeks only where nothing remains; negative ones with a sign in front. */
  public static String format(long millis) {
    if (millis == 0) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    if (millis < 0) {
      text.append('-');
      millis = -millis;
    }
    for (int i = 0; i < UNITS.length; i++) {
      boolean onlyWhole = i < 2;
      long count = millis / MILLIS[i];
      if (count > 0 && !(onlyWhole && millis % MILLIS[i] != 0)) {
        text.append(count).append(UNITS[i]);
        millis -= count * MILLIS[i];
      }
    }
    return text.toString();
  }
}
