// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the intake says about itself; only the first tenants have series of their own. */
final class IntakeMetrics {

  private static final int MAX_TENANTS = 100;
  private static final String OTHERS = "(others)";

  private final Counter rows;
  private final Counter batches;
  private final Counter refused;
  private final Counter refusedRows;
  private final Counter unavailable;
  private final Counter logBytes;
  private final Counter cutLines;
  private final Set<TenantId> named = ConcurrentHashMap.newKeySet();

  interface Usage {
    void report(Sink sink);
  }

  interface Sink {
    void used(String tenant, String limit, double ratio);
  }

  IntakeMetrics(PrometheusRegistry registry) {
    rows =
        Counter.builder()
            .name("skopos_ingest_rows_total")
            .help("Rows (samples, lines, spans, events) written.")
            .labelNames("tenant", "signal")
            .register(registry);
    batches =
        Counter.builder()
            .name("skopos_ingest_batches_total")
            .help("Batches written.")
            .labelNames("tenant", "signal")
            .register(registry);
    refused =
        Counter.builder()
            .name("skopos_ingest_refused_batches_total")
            .help("Batches refused, by the limit that refused them.")
            .labelNames("tenant", "limit")
            .register(registry);
    refusedRows =
        Counter.builder()
            .name("skopos_ingest_refused_rows_total")
            .help("Rows left out of writes whose rest was kept, by the limit that refused them.")
            .labelNames("tenant", "limit")
            .register(registry);
    logBytes =
        Counter.builder()
            .name("skopos_ingest_log_bytes_total")
            .help("Bytes of lines and structured metadata that passed the limits.")
            .labelNames("tenant")
            .register(registry);
    cutLines =
        Counter.builder()
            .name("skopos_ingest_truncated_lines_total")
            .help("Lines cut to logs.max_line.")
            .labelNames("tenant")
            .register(registry);
    unavailable =
        Counter.builder()
            .name("skopos_ingest_unavailable_batches_total")
            .help("Batches the log or the heads could not take.")
            .labelNames("signal")
            .register(registry);
  }

  void showUsage(PrometheusRegistry registry, Usage usage) {
    GaugeWithCallback.builder()
        .name("skopos_ingest_limit_used_ratio")
        .help("How much of a limit a tenant uses, from 0 to 1; only limits that are set.")
        .labelNames("tenant", "limit")
        .callback(gauge -> usage.report((tenant, limit, ratio) -> gauge.call(ratio, tenant, limit)))
        .register(registry);
  }

  void written(TenantId tenant, Signal signal, int count) {
    rows.labelValues(label(tenant), signal.key()).inc(count);
    batches.labelValues(label(tenant), signal.key()).inc();
  }

  void refused(TenantId tenant, String limit) {
    refused.labelValues(label(tenant), limit).inc();
  }

  void refusedRows(TenantId tenant, String limit, long count) {
    refusedRows.labelValues(label(tenant), limit.substring(limit.indexOf('.') + 1)).inc(count);
  }

  void logBytes(TenantId tenant, long bytes) {
    logBytes.labelValues(label(tenant)).inc(bytes);
  }

  void cutLines(TenantId tenant, long count) {
    cutLines.labelValues(label(tenant)).inc(count);
  }

  void unavailable(Signal signal) {
    unavailable.labelValues(signal.key()).inc();
  }

  /** Whether the tenant has series of its own. */
  boolean isNamed(TenantId tenant) {
    return named.contains(tenant);
  }

  private String label(TenantId tenant) {
    if (named.contains(tenant)) {
      return tenant.value();
    }
    if (named.size() < MAX_TENANTS) {
      named.add(tenant);
      return tenant.value();
    }
    return OTHERS;
  }
}
