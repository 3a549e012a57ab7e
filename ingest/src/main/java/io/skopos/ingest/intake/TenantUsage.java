// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What a tenant has used of its limits. */
final class TenantUsage {

  final @Nullable TokenBucket rate;
  final @Nullable ActiveSeries series;
  volatile long lastWriteMs;

  TenantUsage(IntakeLimits limits, InstantSource clock) {
    long nowMs = clock.millis();
    rate =
        limits.samplesPerSecond() == 0
            ? null
            : new TokenBucket(limits.samplesPerSecond(), limits.burst(), nowMs * 1_000_000);
    series =
        limits.series() == 0
            ? null
            : new ActiveSeries(limits.series(), limits.seriesWindow().toMillis(), nowMs);
    lastWriteMs = nowMs;
  }
}
