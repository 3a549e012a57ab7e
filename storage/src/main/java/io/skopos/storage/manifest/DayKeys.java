// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import java.time.DateTimeException;
import org.jspecify.annotations.Nullable;

/**
 * How object keys name a tenant's day of one signal: {@code <tenant>/<signal>/<day>}. The day is
 * its ISO date, or {@code d} and its number outside of the years 0 to 9999, whose dates have signs.
 */
final class DayKeys {

  private static final int YEAR_0 = -719_528;
  private static final int YEAR_10000 = 2_932_897;

  private DayKeys() {}

  static String of(TenantId tenant, Signal signal, UtcDay day) {
    return tenant.value() + "/" + signal.key() + "/" + of(day);
  }

  static String of(UtcDay day) {
    return day.number() >= YEAR_0 && day.number() < YEAR_10000
        ? day.toString()
        : "d" + day.number();
  }

  /** What {@link #of} made; null for anything else. */
  static @Nullable Parsed parse(String text) {
    String[] segments = text.split("/", -1);
    if (segments.length != 3) {
      return null;
    }
    try {
      TenantId tenant = new TenantId(segments[0]);
      Signal signal = signalOf(segments[1]);
      UtcDay day =
          segments[2].startsWith("d")
              ? new UtcDay(Integer.parseInt(segments[2].substring(1)))
              : UtcDay.parse(segments[2]);
      Parsed parsed = signal == null ? null : new Parsed(tenant, signal, day);
      return parsed != null && of(tenant, parsed.signal, day).equals(text) ? parsed : null;
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static @Nullable Signal signalOf(String key) {
    for (Signal signal : Signal.values()) {
      if (signal.key().equals(key)) {
        return signal;
      }
    }
    return null;
  }

  /** The three nouns a key names. */
  record Parsed(TenantId tenant, Signal signal, UtcDay day) {}
}
