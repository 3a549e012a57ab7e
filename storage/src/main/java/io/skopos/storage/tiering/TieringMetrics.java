// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.CallbackMetrics;
import java.time.InstantSource;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** What the way into the bucket shows of itself. */
final class TieringMetrics {

  private final Counter parts;
  private final Counter bytes;
  private final Counter failures;
  private final Counter manifests;
  private final Counter removed;
  private final Counter orphans;

  TieringMetrics(Supplier<TieringStatus> status, InstantSource clock, PrometheusRegistry registry) {
    parts = counter(registry, "upload_parts", "Parts uploaded to the bucket.");
    bytes = counter(registry, "upload_bytes", "Bytes of the parts uploaded to the bucket.");
    failures =
        counter(
            registry, "upload_failures", "Attempts to bring the bucket up to date that failed.");
    manifests =
        counter(registry, "upload_manifests", "Manifests written to the bucket or removed.");
    removed = counter(registry, "bucket_objects_removed", "Objects removed from the bucket.");
    orphans =
        counter(registry, "bucket_orphans", "Of those, the ones that no manifest had ever named.");
    gauge(
        registry,
        "upload_waiting_parts",
        "Parts that are not in the bucket yet.",
        () -> status.get().waitingParts());
    gauge(
        registry,
        "upload_waiting_bytes",
        "Bytes of the parts that are not in the bucket yet.",
        () -> status.get().waitingBytes());
    gauge(
        registry,
        "upload_waiting_days",
        "Days whose manifest in the bucket is behind.",
        () -> status.get().waitingDays());
    gauge(
        registry,
        "upload_oldest_waiting_seconds",
        "Age of the oldest part that is not in the bucket yet.",
        () -> age(status.get(), clock));
    gauge(
        registry,
        "upload_last_success_timestamp_seconds",
        "When all that was due was in the bucket.",
        () -> status.get().lastSuccessMs() / 1e3);
    gauge(
        registry,
        "upload_attached",
        "1 while this server owns the bucket.",
        () -> status.get().attached() ? 1 : 0);
    gauge(
        registry,
        "bucket_waiting_removals",
        "Objects of the bucket waiting to be removed.",
        () -> status.get().waitingRemovals());
  }

  void uploaded(long count, long size) {
    parts.inc(count);
    bytes.inc(size);
  }

  void failed() {
    failures.inc();
  }

  void manifestWritten() {
    manifests.inc();
  }

  void removed() {
    removed.inc();
  }

  void orphansFound(long count) {
    orphans.inc(count);
  }

  private static double age(TieringStatus status, InstantSource clock) {
    return status.oldestWaitingMs() == 0
        ? 0
        : Math.max(0, clock.millis() - status.oldestWaitingMs()) / 1e3;
  }

  private static Counter counter(PrometheusRegistry registry, String name, String help) {
    return Counter.builder()
        .name("skopos_storage_" + name + "_total")
        .help(help)
        .register(registry);
  }

  private static void gauge(
      PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
    CallbackMetrics.gauge(registry, "skopos_storage_" + name, help, value);
  }
}
