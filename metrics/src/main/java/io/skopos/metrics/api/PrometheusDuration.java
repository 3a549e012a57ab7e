// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import java.time.Duration;

/** Durations as Prometheus writes them: {@code 1h30m}, {@code 15s}, {@code 100ms}. */
final class PrometheusDuration {

  private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
  private static final long[] MILLIS = {
    365 * 86_400_000L, 7 * 86_400_000L, 86_400_000L, 3_600_000L, 60_000L, 1000L, 1L
  };

  /** Years and weeks are written only when nothing is left over, so that 8d stays 8d. */
  private static final int FIRST_FREE_UNIT = 2;

  private PrometheusDuration() {}

  static String format(Duration duration) {
    long left = duration.toMillis();
    if (left == 0) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < UNITS.length; i++) {
      boolean whole = left % MILLIS[i] == 0;
      if (left >= MILLIS[i] && (i >= FIRST_FREE_UNIT || whole)) {
        text.append(left / MILLIS[i]).append(UNITS[i]);
        left %= MILLIS[i];
      }
    }
    return text.toString();
  }
}
