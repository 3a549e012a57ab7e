// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The levels that {@code detected_level} may have of itself. */
public enum Level {
  UNKNOWN,
  TRACE,
  DEBUG,
  INFO,
  WARN,
  ERROR,
  CRITICAL,
  FATAL;

  private static final Level[] ALL = values();
  private static final String[] SHORT = {null, "trc", "dbg", "inf", "wrn", "err", null, null};
  private static final int LONGEST = "information".length();

  private final String word = name().toLowerCase(Locale.ROOT);

  public String word() {
    return word;
  }

  /** The level that a text means, in any case; null when it is none. */
  public static @Nullable Level of(byte[] bytes, int from, int to) {
    if (to - from > LONGEST || to - from < 3) {
      return null;
    }
    return of(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
  }

  /** The same of a text. */
  public static @Nullable Level of(String text) {
    for (Level level : ALL) {
      if (level != UNKNOWN
          && (text.equalsIgnoreCase(level.word) || text.equalsIgnoreCase(SHORT[level.ordinal()]))) {
        return level;
      }
    }
    return text.equalsIgnoreCase("information")
        ? INFO
        : text.equalsIgnoreCase("warning") ? WARN : null;
  }

  /** As the OpenTelemetry data model numbers them. */
  static Level ofSeverityNumber(String text) {
    int number;
    try {
      number = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return INFO;
    }
    if (number < 1 || number > 24) {
      return UNKNOWN;
    }
    return switch ((number - 1) / 4) {
      case 0 -> TRACE;
      case 1 -> DEBUG;
      case 2 -> INFO;
      case 3 -> WARN;
      case 4 -> ERROR;
      default -> FATAL;
    };
  }
}
