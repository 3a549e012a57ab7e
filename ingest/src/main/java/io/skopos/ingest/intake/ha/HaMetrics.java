// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake.ha;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.TenantId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** What deduplication says about itself; only the first tenants have series of their own. */
final class HaMetrics {

  private static final int MAX_TENANTS = 100;

  private final Counter elections;
  private final Counter deduplicated;
  final Counter refused;
  final Counter documentFailures;
  private final Set<TenantId> named = ConcurrentHashMap.newKeySet();

  HaMetrics(PrometheusRegistry registry) {
    elections =
        Counter.builder()
            .name("skopos_ingest_ha_elections_total")
            .help("Times a replica became the leader of its cluster.")
            .labelNames("tenant")
            .register(registry);
    deduplicated =
        Counter.builder()
            .name("skopos_ingest_ha_deduplicated_rows_total")
            .help("Samples (and what comes with them) of replicas that do not lead: dropped.")
            .labelNames("tenant")
            .register(registry);
    refused =
        Counter.builder()
            .name("skopos_ingest_ha_refused_clusters_total")
            .help("Writes refused because their tenant has too many clusters.")
            .register(registry);
    documentFailures =
        Counter.builder()
            .name("skopos_ingest_ha_document_failures_total")
            .help("Leaders that could not be written down or read.")
            .register(registry);
  }

  void showClusters(PrometheusRegistry registry, IntSupplier clusters) {
    GaugeWithCallback.builder()
        .name("skopos_ingest_ha_clusters")
        .help("Clusters that have a leader, of all tenants.")
        .callback(gauge -> gauge.call(clusters.getAsInt()))
        .register(registry);
  }

  void elected(TenantId tenant) {
    elections.labelValues(label(tenant)).inc();
  }

  void deduplicated(TenantId tenant, long rows) {
    deduplicated.labelValues(label(tenant)).inc(rows);
  }

  private String label(TenantId tenant) {
    if (!named.contains(tenant) && named.size() >= MAX_TENANTS) {
      return "(others)";
    }
    named.add(tenant);
    return tenant.value();
  }
}
