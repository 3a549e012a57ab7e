// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.print;

import io.skopos.model.config.PrometheusDuration;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/** Durations and sizes as Loki prints them. */
final class Amounts {

  private static final String[] SIZES = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

  private Amounts() {}

  /** As Prometheus writes it: {@code 1w2d}. */
  static String range(long nanos) {
    return PrometheusDuration.format(Duration.ofNanos(nanos));
  }

  /** As Go writes it: {@code 1h0m0s}, {@code 250ms}. */
  static String duration(long nanos) {
    if (nanos == 0) {
      return "0s";
    }
    String sign = nanos < 0 ? "-" : "";
    long amount = Math.abs(nanos);
    if (amount < 1000) {
      return sign + amount + "ns";
    }
    if (amount < 1_000_000) {
      return sign + decimal(amount, 3) + "\u00b5s";
    }
    if (amount < 1_000_000_000) {
      return sign + decimal(amount, 6) + "ms";
    }
    long seconds = amount / 1_000_000_000;
    StringBuilder out = new StringBuilder(sign);
    if (seconds >= 3600) {
      out.append(seconds / 3600).append('h');
    }
    if (seconds >= 60) {
      out.append(seconds / 60 % 60).append('m');
    }
    return out.append(decimal(amount % 60_000_000_000L, 9)).append('s').toString();
  }

  private static String decimal(long amount, int places) {
    BigDecimal value = BigDecimal.valueOf(amount, places);
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  /** In powers of thousand, with one decimal below ten: {@code 2.6kB}. */
  static String size(long bytes) {
    if (bytes < 10) {
      return bytes + "B";
    }
    int unit = 0;
    double scale = 1;
    while (unit + 1 < SIZES.length && bytes / scale >= 1000) {
      scale *= 1000;
      unit++;
    }
    double value = Math.floor(bytes / scale * 10 + 0.5) / 10;
    return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value) + SIZES[unit];
  }
}
