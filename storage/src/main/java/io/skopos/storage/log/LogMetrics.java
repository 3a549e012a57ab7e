// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.ToDoubleFunction;

/** The log's figures under {@code skopos_storage_log_}. */
final class LogMetrics {

  final Counter frames;
  final Counter bytes;
  final Counter groups;
  final Counter refused;
  final Counter failures;
  final Histogram groupSeconds;

  LogMetrics(PrometheusRegistry registry, FileIngestLog log) {
    frames = counter(registry, "frames", "Frames made durable.");
    bytes = counter(registry, "bytes", "Bytes made durable, frame headers included.");
    groups = counter(registry, "groups", "Groups of appends written with one sync.");
    refused = counter(registry, "refused_appends", "Appends answered as unavailable.");
    failures = counter(registry, "write_failures", "Writes or syncs of a segment that failed.");
    groupSeconds =
        Histogram.builder()
            .name("skopos_storage_log_group_seconds")
            .help("Time to write and sync a group.")
            .classicOnly()
            .classicUpperBounds(.0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 5)
            .register(registry);
    gauge(registry, log, "writable", "1 while appends are taken.", h -> h.writable() ? 1 : 0);
    gauge(registry, log, "segments", "Segments kept.", LogHealth::segments);
    gauge(registry, log, "kept_bytes", "Bytes of the segments kept.", LogHealth::keptBytes);
    gauge(registry, log, "queue_bytes", "Bytes waiting for the disk.", LogHealth::queuedBytes);
    replayGauge(registry, log, "frames", "Frames handed over at the start.", ReplayReport::frames);
    replayGauge(registry, log, "bytes", "Bytes read at the start.", ReplayReport::bytes);
    replayGauge(registry, log, "seconds", "Time the start took.", ReplayReport::seconds);
    replayGauge(
        registry,
        log,
        "damaged_bytes",
        "Bytes the start had to step over.",
        ReplayReport::damagedBytes);
    replayGauge(
        registry,
        log,
        "torn_bytes",
        "Bytes of an unfinished last write, left out at the start.",
        ReplayReport::tornBytes);
  }

  private static Counter counter(PrometheusRegistry registry, String name, String help) {
    return Counter.builder()
        .name("skopos_storage_log_" + name + "_total")
        .help(help)
        .register(registry);
  }

  private static void gauge(
      PrometheusRegistry registry,
      FileIngestLog log,
      String name,
      String help,
      ToDoubleFunction<LogHealth> value) {
    GaugeWithCallback.builder()
        .name("skopos_storage_log_" + name)
        .help(help)
        .callback(callback -> callback.call(value.applyAsDouble(log.health())))
        .register(registry);
  }

  private static void replayGauge(
      PrometheusRegistry registry,
      FileIngestLog log,
      String name,
      String help,
      ToDoubleFunction<ReplayReport> value) {
    GaugeWithCallback.builder()
        .name("skopos_storage_log_replay_" + name)
        .help(help)
        .callback(callback -> callback.call(value.applyAsDouble(log.replayed())))
        .register(registry);
  }
}
