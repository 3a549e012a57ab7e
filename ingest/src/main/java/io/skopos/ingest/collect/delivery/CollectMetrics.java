// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.delivery;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.DoubleSupplier;

/** What collecting logs says about itself. */
public final class CollectMetrics {

  private final PrometheusRegistry registry;
  public final Counter entries;
  public final Counter bytes;
  public final Counter refused;
  public final Counter dropped;
  public final Counter retries;
  public final Gauge waiting;
  public final Counter longLines;
  public final Counter truncations;
  public final Counter lostBytes;
  public final Counter checkpoints;
  public final Counter checkpointFailures;
  public final Counter malformed;
  public final Counter journalStarts;
  public final Gauge connections;
  public final Counter refusedConnections;
  public final Counter failedHandshakes;
  public final Counter lostDatagrams;

  public CollectMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    entries = counter("entries", "Entries that were collected and stored, by source.", "source");
    bytes = counter("bytes", "Bytes of the lines of entries collected and stored.", "source");
    refused =
        counter("refused_entries", "Entries collected that the store refused for good.", "source");
    dropped = counter("dropped_entries", "Entries that stages dropped, by reason.", "reason");
    retries = counter("retries", "Writes repeated as the store could not take them.", "source");
    waiting =
        Gauge.builder()
            .name("skopos_collect_waiting")
            .help("Writes that wait for the store; their sources are not read meanwhile.")
            .labelNames("source")
            .register(registry);
    longLines =
        counter("long_lines", "Lines longer than collect.max_line_bytes, split or cut.", "source");
    truncations = counter("truncations", "Files that were cut or replaced while followed.");
    lostBytes = counter("lost_bytes", "Bytes that were gone from files before they were read.");
    checkpoints = counter("checkpoints", "Writes of positions.");
    checkpointFailures = counter("checkpoint_failures", "Writes of positions that failed.");
    malformed = counter("malformed", "Messages or lines not of their format.", "source");
    journalStarts = counter("journal_starts", "Starts of journalctl.");
    connections =
        Gauge.builder()
            .name("skopos_collect_syslog_connections")
            .help("Open connections of syslog senders.")
            .register(registry);
    refusedConnections =
        counter("syslog_refused_connections", "Syslog connections closed as there were too many.");
    failedHandshakes =
        counter(
            "syslog_failed_handshakes", "Syslog connections closed as they did not agree on TLS.");
    lostDatagrams =
        counter("syslog_lost_datagrams", "Syslog datagrams lost as the store could not follow.");
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder()
        .name("skopos_collect_" + name + "_total")
        .help(help)
        .labelNames(labels)
        .register(registry);
  }

  /** A stage left an entry out. */
  public void dropped(String reason) {
    dropped.labelValues(reason).inc();
  }

  /** A gauge that is asked for when metrics are read. */
  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name("skopos_collect_" + name)
        .help(help)
        .callback(gauge -> gauge.call(value.getAsDouble()))
        .register(registry);
  }
}
