// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;

/** A time on the command line: RFC 3339 or Unix seconds. */
final class TimeArgument {

  private TimeArgument() {}

  static long millis(String option, String text) {
    try {
      return new BigDecimal(text).movePointRight(3).longValueExact();
    } catch (ArithmeticException | NumberFormatException _) {
      try {
        return OffsetDateTime.parse(text).toInstant().toEpochMilli();
      } catch (DateTimeException | ArithmeticException e) {
        throw new CommandFailed(
            option
                + " '"
                + text
                + "' is neither a time such as 2026-01-31T00:00:00Z nor Unix seconds",
            e);
      }
    }
  }
}
