// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import io.skopos.metrics.store.part.MetricsPart;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.part.Parts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Metadata from memory, then from the parts of the latest days, latest first. */
final class MetadataQuery {

  private static final Logger LOG = LoggerFactory.getLogger(MetadataQuery.class);

  /** Each flush of an active tenant repeats what is known; older days add only what is gone. */
  private static final int DAYS = 8;

  private final MetadataTable table;
  private final Manifests manifests;
  private final Parts parts;

  MetadataQuery(MetadataTable table, Manifests manifests, Parts parts) {
    this.table = table;
    this.manifests = manifests;
    this.parts = parts;
  }

  /**
   * @param metric empty for all
   * @param limit of metrics, {@code limitPerMetric} of rows each; 0 or less for none
   */
  Map<String, List<MetricMetadata>> answer(
      TenantId tenant, String metric, int limit, int limitPerMetric) {
    Map<String, Set<MetricMetadata>> found = new TreeMap<>();
    table.forEach(
        tenant,
        (name, rows) -> {
          if (metric.isEmpty() || metric.equals(name)) {
            Set<MetricMetadata> own = found.computeIfAbsent(name, key -> new LinkedHashSet<>());
            rows.forEach(row -> own.add(row.metadata()));
          }
        });
    try (Manifests.Lease lease = manifests.lease()) {
      manifests.days(tenant, Signal.METRICS).descendingSet().stream()
          .limit(DAYS)
          .forEach(day -> addFromParts(tenant, day, metric, found));
    }
    Map<String, List<MetricMetadata>> answer = new TreeMap<>();
    for (Map.Entry<String, Set<MetricMetadata>> entry : found.entrySet()) {
      if (limit > 0 && answer.size() == limit) {
        break;
      }
      List<MetricMetadata> rows = new ArrayList<>(entry.getValue());
      answer.put(
          entry.getKey(),
          limitPerMetric > 0 && rows.size() > limitPerMetric
              ? List.copyOf(rows.subList(0, limitPerMetric))
              : rows);
    }
    return answer;
  }

  private void addFromParts(
      TenantId tenant, UtcDay day, String metric, Map<String, Set<MetricMetadata>> found) {
    Manifest manifest = manifests.get(tenant, Signal.METRICS, day);
    if (manifest == null) {
      return;
    }
    for (PartEntry entry : manifest.parts().reversed()) {
      try {
        parts
            .opened(tenant, Signal.METRICS, day, entry, MetricsPart::open)
            .metadata((name, about) -> {
              if (metric.isEmpty() || metric.equals(name)) {
                found.computeIfAbsent(name, key -> new LinkedHashSet<>()).add(about);
              }
            });
      } catch (IOException e) {
        // The damaged part is listed by the ground; older parts mostly say the same.
        LOG.warn("metadata of tenant {} of {} is left out: {}", tenant, day, e.getMessage());
      }
    }
  }
}
