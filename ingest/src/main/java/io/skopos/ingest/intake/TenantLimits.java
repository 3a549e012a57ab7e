// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import io.skopos.logs.LogsByTenant;
import io.skopos.logs.LogsConfig;
import io.skopos.logs.store.LogBatch;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Batch;
import io.skopos.storage.WriteRefused;
import java.time.Duration;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Holds batches against the limits of their tenants. Thread-safe. */
final class TenantLimits {

  private static final long IDLE_MS = 3_600_000;
  private static final String RETENTION = "storage.retention";
  private static final String FUTURE = "intake.future_tolerance";
  private static final String SERIES = "intake.series";

  private final LimitsByTenant limits;
  private final LogsByTenant logs;
  private final int maxTenants;
  private final InstantSource clock;
  private final OldestKept oldestKept;
  private final IntakeMetrics metrics;
  private final Map<TenantId, TenantUsage> tenants = new ConcurrentHashMap<>();

  /** The earliest time that a tenant's rows may have; {@code Long.MIN_VALUE} without a bound. */
  interface OldestKept {
    long ms(TenantId tenant, Signal signal);
  }

  TenantLimits(
      LimitsByTenant limits,
      LogsByTenant logs,
      int maxTenants,
      InstantSource clock,
      OldestKept oldestKept,
      IntakeMetrics metrics) {
    this.limits = limits;
    this.logs = logs;
    this.maxTenants = maxTenants;
    this.clock = clock;
    this.oldestKept = oldestKept;
    this.metrics = metrics;
  }

  /**
   * Leaves out of the batch what goes over a limit of single rows and series, and counts the rest.
   * Null when nothing was left out.
   *
   * @throws WriteRefused when the whole write is refused
   */
  @Nullable Refusals check(TenantId tenant, Batch batch) {
    TenantUsage usage = usage(tenant);
    long nowMs = clock.millis();
    usage.lastWriteMs = nowMs;
    Refusals refusals = new Refusals(tenant);
    switch (batch) {
      case SampleBatch samples -> checkSamples(tenant, samples, usage, nowMs, refusals);
      case LogBatch entries ->
          new EntryLimits(
                  tenant,
                  usage,
                  oldestKept.ms(tenant, Signal.LOGS),
                  newestMs(usage.limits, nowMs),
                  nowMs,
                  metrics)
              .check(entries, refusals);
      default -> checkTimes(tenant, batch, usage.limits, nowMs);
    }
    if (usage.rate != null && batch.rows() > 0) {
      Duration wait = usage.rate.take(batch.rows(), nowMs * 1_000_000);
      if (!wait.isZero()) {
        metrics.refused(tenant, "samples_per_second");
        throw new WriteRefused(
            429,
            "the tenant '"
                + tenant
                + "' sends more rows than the limit intake.samples_per_second of "
                + usage.limits.samplesPerSecond()
                + " allows (for this tenant alone: overrides."
                + tenant
                + ".intake.samples_per_second); nothing of the write was kept, send it again later",
            wait);
      }
    }
    if (refusals.rows() == 0) {
      return null;
    }
    refusals.rowsByKey().forEach((key, rows) -> metrics.refusedRows(tenant, key, rows));
    return refusals;
  }

  private void checkSamples(
      TenantId tenant, SampleBatch batch, TenantUsage usage, long nowMs, Refusals refusals) {
    BitSet bad = new BitSet();
    checkLabels(batch, usage, bad, refusals);
    long oldestMs = oldestKept.ms(tenant, Signal.METRICS);
    long newestMs = newestMs(usage.limits, nowMs);
    boolean times = batch.minTimeMs() < oldestMs || batch.maxTimeMs() > newestMs;
    if (times || !bad.isEmpty()) {
      batch.retain((series, timeMs) -> {
        if (bad.get(series)) {
          return false;
        }
        if (timeMs < oldestMs) {
          refusals.add(
              RETENTION,
              1,
              refusals.knows(RETENTION)
                  ? ""
                  : "a sample of "
                      + Refusals.shown(batch.labels(series).toString())
                      + " has the time "
                      + Refusals.time(timeMs)
                      + ", nothing is kept before "
                      + Refusals.time(oldestMs));
          return false;
        }
        if (timeMs > newestMs) {
          refusals.add(
              FUTURE,
              1,
              refusals.knows(FUTURE)
                  ? ""
                  : "a sample of "
                      + Refusals.shown(batch.labels(series).toString())
                      + " has the time "
                      + Refusals.time(timeMs)
                      + ", which is ahead of this server's clock ("
                      + Refusals.time(nowMs)
                      + ") by more than "
                      + usage.limits.futureTolerance().toSeconds()
                      + " s");
          return false;
        }
        return true;
      });
    }
    admitSeries(batch, usage, nowMs, refusals);
  }

  private static void checkLabels(
      SampleBatch batch, TenantUsage usage, BitSet bad, Refusals refusals) {
    byte[] bytes = batch.labelBytes();
    for (int series = 0; series < batch.seriesCount(); series++) {
      LabelLimits.Excess excess =
          usage.labels.check(bytes, batch.labelStart(series), batch.labelEnd(series));
      if (excess == null) {
        continue;
      }
      bad.set(series);
      String key =
          switch (excess.kind()) {
            case LABELS -> "intake.labels_per_series";
            case NAME_BYTES -> "intake.label_name_bytes";
            case VALUE_BYTES -> "intake.label_value_bytes";
          };
      String found =
          switch (excess.kind()) {
            case LABELS -> excess.found() + " labels";
            case NAME_BYTES -> "a label name of " + excess.found() + " bytes";
            case VALUE_BYTES ->
                "a value of " + excess.found() + " bytes in the label '" + excess.label() + "'";
          };
      refusals.add(
          key,
          batch.sampleEnd(series) - batch.sampleStart(series),
          refusals.knows(key)
              ? ""
              : "the series "
                  + Refusals.shown(batch.labels(series).toString())
                  + " has "
                  + found
                  + ", the limit is "
                  + excess.limit());
    }
  }

  private static void admitSeries(
      SampleBatch batch, TenantUsage usage, long nowMs, Refusals refusals) {
    if (usage.series == null) {
      return;
    }
    // Series that have lost all their samples are not brought by this write.
    BitSet unknown = new BitSet();
    BitSet empty = new BitSet();
    for (int series = 0; series < batch.seriesCount(); series++) {
      if (batch.sampleStart(series) == batch.sampleEnd(series)) {
        unknown.set(series);
        empty.set(series);
      }
    }
    usage.series.admit(batch.seriesCount(), batch::hash, unknown, usage.limits.series(), nowMs);
    unknown.andNot(empty);
    if (unknown.isEmpty()) {
      return;
    }
    long rows = 0;
    for (int series = unknown.nextSetBit(0); series >= 0; series = unknown.nextSetBit(series + 1)) {
      rows += batch.sampleEnd(series) - batch.sampleStart(series);
    }
    refusals.add(
        SERIES,
        rows,
        "the series "
            + Refusals.shown(batch.labels(unknown.nextSetBit(0)).toString())
            + " is new and the tenant has "
            + usage.series.count()
            + " of "
            + usage.limits.series()
            + " within "
            + usage.limits.seriesWindow().toSeconds()
            + " s");
    batch.retain((series, _) -> !unknown.get(series));
  }

  private static long newestMs(IntakeLimits limits, long nowMs) {
    long tolerance = limits.futureTolerance().toMillis();
    return tolerance > 0 ? nowMs + tolerance : Long.MAX_VALUE;
  }

  /** Rows of other signals than metrics are taken or refused together. */
  private void checkTimes(TenantId tenant, Batch batch, IntakeLimits limits, long nowMs) {
    long oldestMs = oldestKept.ms(tenant, batch.signal());
    Refusals refusals = new Refusals(tenant);
    if (batch.minTimeMs() < oldestMs) {
      refusals.add(
          RETENTION,
          batch.rows(),
          "a row has the time "
              + Refusals.time(batch.minTimeMs())
              + ", nothing of "
              + batch.signal().key()
              + " is kept before "
              + Refusals.time(oldestMs));
    } else if (batch.maxTimeMs() > newestMs(limits, nowMs)) {
      refusals.add(
          FUTURE,
          batch.rows(),
          "a row has the time "
              + Refusals.time(batch.maxTimeMs())
              + ", which is ahead of this server's clock ("
              + Refusals.time(nowMs)
              + ") by more than "
              + limits.futureTolerance().toSeconds()
              + " s");
    }
    if (refusals.rows() > 0) {
      refusals.rowsByKey().forEach((key, rows) -> metrics.refusedRows(tenant, key, rows));
      throw refusals.refused(0);
    }
  }

  private TenantUsage usage(TenantId tenant) {
    IntakeLimits now = limits.of(tenant);
    LogsConfig logsNow = logs.of(tenant);
    TenantUsage known = tenants.get(tenant);
    if (known != null) {
      return isOf(known, now, logsNow)
          ? known
          : tenants.compute(
              tenant,
              (_, usage) ->
                  usage != null && isOf(usage, now, logsNow)
                      ? usage
                      : new TenantUsage(now, logsNow, usage, clock));
    }
    if (tenants.size() >= maxTenants && maxTenants > 0) {
      long idleSince = clock.millis() - IDLE_MS;
      tenants.values().removeIf(usage -> usage.lastWriteMs < idleSince);
      if (tenants.size() >= maxTenants) {
        metrics.refused(tenant, "tenants");
        throw new WriteRefused(
            429,
            "more than "
                + maxTenants
                + " tenants wrote within the last hour, which is the limit intake.tenants; the write"
                + " of '"
                + tenant
                + "' was not kept",
            Duration.ofMinutes(1));
      }
    }
    return tenants.computeIfAbsent(tenant, _ -> new TenantUsage(now, logsNow, clock));
  }

  @SuppressWarnings("ReferenceEquality") // limits are the same object until they change
  private static boolean isOf(TenantUsage usage, IntakeLimits limits, LogsConfig logs) {
    return usage.limits == limits && usage.logs == logs;
  }

  void reportUsage(IntakeMetrics.Sink sink) {
    tenants.forEach((tenant, usage) -> {
      if (metrics.isNamed(tenant)) {
        report(tenant, usage, sink);
      }
    });
  }

  /** How much of its limits one tenant uses; nothing of those it does not have. */
  void reportUsage(TenantId tenant, IntakeMetrics.Sink sink) {
    TenantUsage usage = tenants.get(tenant);
    if (usage != null) {
      report(tenant, usage, sink);
    }
  }

  private void report(TenantId tenant, TenantUsage usage, IntakeMetrics.Sink sink) {
    if (usage.rate != null) {
      sink.used(tenant.value(), "samples_per_second", usage.rate.used(clock.millis() * 1_000_000));
    }
    if (usage.logBytes != null) {
      sink.used(
          tenant.value(), "logs.bytes_per_second", usage.logBytes.used(clock.millis() * 1_000_000));
    }
    if (usage.streams != null) {
      sink.used(
          tenant.value(), "logs.streams", (double) usage.streams.count() / usage.logs.streams());
    }
    if (usage.series != null) {
      sink.used(tenant.value(), "series", (double) usage.series.count() / usage.limits.series());
    }
  }
}
