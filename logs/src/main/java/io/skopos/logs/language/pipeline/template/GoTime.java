// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** A time within a template. Where Go would take the machine's zone, UTC is taken. */
record GoTime(ZonedDateTime time) {

  /** What Go gives for a text that is no time. */
  static final GoTime ZERO = new GoTime(ZonedDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC));

  static GoTime ofNanos(long nanos) {
    return of(
        Instant.ofEpochSecond(
            Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L)));
  }

  static GoTime ofSeconds(long seconds) {
    return of(Instant.ofEpochSecond(Math.clamp(seconds, -62_135_596_800L, 253_402_300_799L)));
  }

  private static GoTime of(Instant instant) {
    return new GoTime(instant.atZone(ZoneOffset.UTC));
  }

  GoTime in(ZoneId zone) {
    return new GoTime(time.withZoneSameInstant(zone));
  }

  long seconds() {
    return time.toEpochSecond();
  }

  long nanos() {
    return time.toEpochSecond() * 1_000_000_000L + time.getNano();
  }

  @Override
  public String toString() {
    return GoTimeLayout.format("2006-01-02 15:04:05.999999999 -0700 MST", this);
  }
}
