// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import io.skopos.logs.LogsConfig;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What a tenant has used of its limits. Counts only where there is a limit. Thread-safe. */
final class TenantUsage {

  final LabelLimits labels;
  final LabelLimits streamLabels;
  final IntakeLimits limits;
  final LogsConfig logs;
  final @Nullable TokenBucket rate;
  final @Nullable TokenBucket logBytes;
  final @Nullable ActiveSeries series;
  final @Nullable ActiveSeries streams;
  volatile long lastWriteMs;

  TenantUsage(IntakeLimits limits, LogsConfig logs, InstantSource clock) {
    this(limits, logs, null, clock);
  }

  /** With other limits from now on; what counts towards limits that stay goes on counting. */
  TenantUsage(
      IntakeLimits limits, LogsConfig logs, @Nullable TenantUsage before, InstantSource clock) {
    long nowMs = clock.millis();
    this.limits = limits;
    this.logs = logs;
    labels =
        new LabelLimits(
            limits.labelsPerSeries(), limits.labelNameBytes(), limits.labelValueBytes());
    streamLabels =
        new LabelLimits(logs.labelsPerStream(), logs.labelNameBytes(), logs.labelValueBytes());
    rate =
        before != null
                && before.limits.samplesPerSecond() == limits.samplesPerSecond()
                && before.limits.burst().equals(limits.burst())
            ? before.rate
            : bucket(limits.samplesPerSecond(), limits.burst(), nowMs);
    logBytes =
        before != null
                && before.logs.bytesPerSecond().equals(logs.bytesPerSecond())
                && before.logs.burst().equals(logs.burst())
            ? before.logBytes
            : bucket(logs.bytesPerSecond().bytes(), logs.burst(), nowMs);
    series =
        active(
            limits.series(),
            limits.seriesWindow(),
            before == null ? null : before.series,
            before == null ? null : before.limits.seriesWindow(),
            nowMs);
    streams =
        active(
            logs.streams(),
            logs.streamWindow(),
            before == null ? null : before.streams,
            before == null ? null : before.logs.streamWindow(),
            nowMs);
    lastWriteMs = nowMs;
  }

  private static @Nullable TokenBucket bucket(long perSecond, Duration burst, long nowMs) {
    return perSecond == 0 ? null : new TokenBucket(perSecond, burst, nowMs * 1_000_000);
  }

  private static @Nullable ActiveSeries active(
      long limit,
      Duration window,
      @Nullable ActiveSeries before,
      @Nullable Duration windowBefore,
      long nowMs) {
    if (limit == 0) {
      return null;
    }
    return before != null && window.equals(windowBefore)
        ? before
        : new ActiveSeries(window.toMillis(), nowMs);
  }
}
