// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import io.skopos.metrics.store.SampleBatch.MetadataRow;
import io.skopos.model.TenantId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * What active tenants' senders said about their metrics since the start. It is made durable with
 * the samples: frames carry it, and each flush writes the tenant's latest rows into its latest
 * part. A tenant without heads is forgotten here; its parts know. Thread-safe.
 */
final class MetadataTable {

  /** Different statements kept per metric; the oldest goes. */
  static final int MAX_PER_METRIC = 16;

  /** Metrics per tenant; what comes beyond is dropped and counted. */
  static final int MAX_METRICS = 100_000;

  private final Map<TenantId, Map<String, List<MetadataRow>>> tenants = new ConcurrentHashMap<>();

  /** How many rows found no room. */
  int add(TenantId tenant, List<MetadataRow> rows) {
    Map<String, List<MetadataRow>> metrics =
        tenants.computeIfAbsent(tenant, key -> new ConcurrentHashMap<>());
    int dropped = 0;
    for (MetadataRow row : rows) {
      if (metrics.size() >= MAX_METRICS && !metrics.containsKey(row.metric())) {
        dropped++;
      } else {
        metrics.merge(row.metric(), List.of(row), (known, added) -> latestFirst(known, row));
      }
    }
    return dropped;
  }

  private static List<MetadataRow> latestFirst(List<MetadataRow> known, MetadataRow row) {
    if (known.getFirst().metadata().equals(row.metadata())) {
      if (known.size() == 1) {
        return row.timeMs() > known.getFirst().timeMs() ? List.of(row) : known;
      }
    }
    List<MetadataRow> rows = new ArrayList<>(known);
    MetadataRow latest = row;
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).metadata().equals(row.metadata())) {
        MetadataRow before = rows.remove(i);
        latest = before.timeMs() > row.timeMs() ? before : row;
        break;
      }
    }
    rows.addFirst(latest);
    rows.sort(Comparator.comparingLong(MetadataRow::timeMs).reversed());
    return List.copyOf(rows.subList(0, Math.min(rows.size(), MAX_PER_METRIC)));
  }

  /** Each metric with its rows, latest first. */
  void forEach(TenantId tenant, BiConsumer<String, List<MetadataRow>> visitor) {
    tenants.getOrDefault(tenant, Map.of()).forEach(visitor);
  }

  void forget(TenantId tenant) {
    tenants.remove(tenant);
  }
}
