// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.retention;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.publish.Publications;
import io.skopos.storage.publish.TenantDay;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drops days that are too old, and the oldest ones when all parts together are too large. */
public final class Retention {

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  private final StorageConfig.Retention config;
  private final Manifests manifests;
  private final Publications publications;
  private final InstantSource clock;
  private final Counter droppedDays;
  private final Counter droppedBytes;
  private volatile long storedBytes;
  private volatile RetentionByTenant byTenant;

  private record StoredDay(TenantDay day, long bytes) {}

  public Retention(
      StorageConfig.Retention config,
      Manifests manifests,
      Publications publications,
      InstantSource clock,
      PrometheusRegistry registry) {
    this.config = config;
    this.byTenant = _ -> config;
    this.manifests = manifests;
    this.publications = publications;
    this.clock = clock;
    droppedDays =
        Counter.builder()
            .name("skopos_storage_retention_days_total")
            .help("Days of a tenant dropped, by signal and by what asked for it.")
            .labelNames("signal", "reason")
            .register(registry);
    droppedBytes =
        Counter.builder()
            .name("skopos_storage_retention_bytes_total")
            .help("Bytes of the parts dropped, by signal and by what asked for it.")
            .labelNames("signal", "reason")
            .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_storage_parts_bytes")
        .help("Bytes of all parts that manifests name, as of the last look.")
        .callback(callback -> callback.call(storedBytes))
        .register(registry);
  }

  /** The earliest time a row may have; {@code Long.MIN_VALUE} without a bound. */
  public long oldestKeptMs(Signal signal) {
    return oldestKeptMs(config, signal);
  }

  /** The earliest time a tenant's row may have; {@code Long.MIN_VALUE} without a bound. */
  public long oldestKeptMs(TenantId tenant, Signal signal) {
    return oldestKeptMs(byTenant.of(tenant), signal);
  }

  /** From now on the times of tenants are these. */
  public void timesOf(RetentionByTenant tenants) {
    byTenant = tenants;
  }

  private long oldestKeptMs(StorageConfig.Retention config, Signal signal) {
    Duration age = config.longestTimeOf(signal);
    return age.isZero() ? Long.MIN_VALUE : clock.millis() - age.toMillis();
  }

  /** Drops what is due now. */
  public void enforce() throws IOException {
    List<StoredDay> kept = new ArrayList<>();
    for (Signal signal : Signal.values()) {
      for (TenantId tenant : manifests.tenants(signal)) {
        long oldestMs = oldestKeptMs(tenant, signal);
        for (UtcDay day : manifests.days(tenant, signal)) {
          StoredDay stored = stored(new TenantDay(tenant, signal, day));
          if (publications.isDropped(stored.day())) {
            continue;
          }
          if (day.endMs() < oldestMs) {
            drop(stored, "time");
          } else {
            kept.add(stored);
          }
        }
      }
    }
    dropBeyondSize(kept);
  }

  private StoredDay stored(TenantDay day) {
    Manifest manifest = manifests.get(day.tenant(), day.signal(), day.day());
    long bytes = 0;
    if (manifest != null) {
      for (PartEntry part : manifest.parts()) {
        bytes += part.length();
      }
    }
    return new StoredDay(day, bytes);
  }

  /** The newest day of all stays, however large it is. */
  private void dropBeyondSize(List<StoredDay> kept) throws IOException {
    long total = 0;
    for (StoredDay stored : kept) {
      total += stored.bytes();
    }
    long limit = config.size().bytes();
    if (limit > 0 && total > limit) {
      kept.sort(Comparator.comparing(stored -> stored.day().day()));
      UtcDay newest = kept.getLast().day().day();
      for (StoredDay stored : kept) {
        if (total <= limit || stored.day().day().equals(newest)) {
          break;
        }
        drop(stored, "size");
        total -= stored.bytes();
      }
    }
    storedBytes = total;
  }

  private void drop(StoredDay stored, String reason) throws IOException {
    publications.drop(stored.day());
    String signal = stored.day().signal().key();
    droppedDays.labelValues(signal, reason).inc();
    droppedBytes.labelValues(signal, reason).inc(stored.bytes());
    LOG.info("dropped {}, {} bytes, because of its {}", stored.day(), stored.bytes(), reason);
  }
}
