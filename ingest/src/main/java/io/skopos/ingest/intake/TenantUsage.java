// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What a tenant has used of its limits. Counts only where there is a limit. Thread-safe. */
final class TenantUsage {

  final LabelLimits labels;
  final IntakeLimits limits;
  final @Nullable TokenBucket rate;
  final @Nullable ActiveSeries series;
  volatile long lastWriteMs;

  TenantUsage(IntakeLimits limits, InstantSource clock) {
    this(limits, null, clock);
  }

  /** With other limits from now on; what counts towards limits that stay goes on counting. */
  TenantUsage(IntakeLimits limits, @Nullable TenantUsage before, InstantSource clock) {
    long nowMs = clock.millis();
    this.limits = limits;
    this.labels = new LabelLimits(limits);
    rate = rate(limits, before, nowMs);
    series = series(limits, before, nowMs);
    lastWriteMs = nowMs;
  }

  private static @Nullable TokenBucket rate(
      IntakeLimits limits, @Nullable TenantUsage before, long nowMs) {
    if (limits.samplesPerSecond() == 0) {
      return null;
    }
    if (before != null
        && before.limits.samplesPerSecond() == limits.samplesPerSecond()
        && before.limits.burst().equals(limits.burst())) {
      return before.rate;
    }
    return new TokenBucket(limits.samplesPerSecond(), limits.burst(), nowMs * 1_000_000);
  }

  private static @Nullable ActiveSeries series(
      IntakeLimits limits, @Nullable TenantUsage before, long nowMs) {
    if (limits.series() == 0) {
      return null;
    }
    if (before != null
        && before.series != null
        && before.limits.seriesWindow().equals(limits.seriesWindow())) {
      return before.series;
    }
    return new ActiveSeries(limits.seriesWindow().toMillis(), nowMs);
  }
}
