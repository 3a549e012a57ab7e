// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Batch;
import io.skopos.storage.WriteRefused;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** Holds batches against the limits of their tenants. Thread-safe. */
final class TenantLimits {

  private static final long IDLE_MS = 3_600_000;

  private final IntakeLimits limits;
  private final LabelLimits labelLimits;
  private final InstantSource clock;
  private final ToLongFunction<Signal> oldestKeptMs;
  private final IntakeMetrics metrics;
  private final Map<TenantId, TenantUsage> tenants = new ConcurrentHashMap<>();

  TenantLimits(
      IntakeLimits limits,
      InstantSource clock,
      ToLongFunction<Signal> oldestKeptMs,
      IntakeMetrics metrics) {
    this.limits = limits;
    this.labelLimits = new LabelLimits(limits);
    this.clock = clock;
    this.oldestKeptMs = oldestKeptMs;
    this.metrics = metrics;
  }

  /** Returns when the batch may be written, and counts it; else throws. */
  void check(TenantId tenant, Batch batch) {
    checkTimes(tenant, batch);
    if (batch instanceof SampleBatch samples) {
      try {
        labelLimits.check(samples);
      } catch (WriteRefused e) {
        metrics.refused(tenant, "labels");
        throw e;
      }
    }
    TenantUsage usage = usage(tenant);
    long nowMs = clock.millis();
    usage.lastWriteMs = nowMs;
    if (usage.series != null
        && batch instanceof SampleBatch samples
        && !usage.series.admit(samples, nowMs)) {
      metrics.refused(tenant, "series");
      throw new WriteRefused(
          429,
          "the tenant '"
              + tenant
              + "' has "
              + usage.series.count()
              + " series and the write brings new ones; the limit series is "
              + limits.series()
              + ". Nothing of the write was kept.",
          Duration.ofMinutes(1));
    }
    if (usage.rate != null) {
      Duration wait = usage.rate.take(batch.rows(), nowMs * 1_000_000);
      if (!wait.isZero()) {
        metrics.refused(tenant, "samples_per_second");
        throw new WriteRefused(
            429,
            "the tenant '"
                + tenant
                + "' sends more rows than the limit samples_per_second of "
                + limits.samplesPerSecond()
                + " allows; nothing of the write was kept, send it again later",
            wait);
      }
    }
  }

  private void checkTimes(TenantId tenant, Batch batch) {
    long oldestMs = oldestKeptMs.applyAsLong(batch.signal());
    if (batch.minTimeMs() < oldestMs) {
      metrics.refused(tenant, "retention");
      throw new WriteRefused(
          400,
          "a row has the time "
              + time(batch.minTimeMs())
              + "; the retention of "
              + batch.signal().key()
              + " keeps nothing before "
              + time(oldestMs)
              + ". Nothing of the write was kept.");
    }
    long tolerance = limits.futureTolerance().toMillis();
    long nowMs = clock.millis();
    if (tolerance > 0 && batch.maxTimeMs() > nowMs + tolerance) {
      metrics.refused(tenant, "future_tolerance");
      throw new WriteRefused(
          400,
          "a row has the time "
              + time(batch.maxTimeMs())
              + ", which is ahead of this server's clock ("
              + time(nowMs)
              + ") by more than the limit future_tolerance of "
              + limits.futureTolerance().toSeconds()
              + " s. Nothing of the write was kept.");
    }
  }

  private static String time(long timeMs) {
    try {
      return Instant.ofEpochMilli(timeMs).toString();
    } catch (DateTimeException e) {
      return timeMs + " ms";
    }
  }

  private TenantUsage usage(TenantId tenant) {
    TenantUsage known = tenants.get(tenant);
    if (known != null) {
      return known;
    }
    if (tenants.size() >= limits.tenants() && limits.tenants() > 0) {
      long idleSince = clock.millis() - IDLE_MS;
      tenants.values().removeIf(usage -> usage.lastWriteMs < idleSince);
      if (tenants.size() >= limits.tenants()) {
        metrics.refused(tenant, "tenants");
        throw new WriteRefused(
            429,
            "more than "
                + limits.tenants()
                + " tenants wrote within the last hour, which is the limit tenants; the write of '"
                + tenant
                + "' was not kept",
            Duration.ofMinutes(1));
      }
    }
    return tenants.computeIfAbsent(tenant, name -> new TenantUsage(limits, clock));
  }

  void reportUsage(IntakeMetrics.Sink sink) {
    long nowNanos = clock.millis() * 1_000_000;
    tenants.forEach((tenant, usage) -> {
      if (!metrics.isNamed(tenant)) {
        return;
      }
      if (usage.rate != null) {
        sink.used(tenant.value(), "samples_per_second", usage.rate.used(nowNanos));
      }
      if (usage.series != null) {
        double ratio = (double) usage.series.count() / limits.series();
        sink.used(tenant.value(), "series", ratio);
      }
    });
  }
}
