// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.imported;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;

/**
 * The metrics of a second one of something, under other names: {@code skopos_object_store_…} as
 * {@code skopos_import_object_store_…}. Thread-safe.
 */
final class RenamedMetrics implements MultiCollector {

  private static final String PREFIX = "skopos_";

  private final PrometheusRegistry registry;
  private final String newPrefix;

  RenamedMetrics(PrometheusRegistry registry, String newPrefix) {
    this.registry = registry;
    this.newPrefix = newPrefix;
  }

  @Override
  public MetricSnapshots collect() {
    List<MetricSnapshot> renamed = new ArrayList<>();
    for (MetricSnapshot snapshot : registry.scrape()) {
      MetricMetadata old = snapshot.getMetadata();
      String name = old.getName();
      MetricMetadata metadata =
          new MetricMetadata(
              newPrefix + (name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name),
              old.getHelp());
      switch (snapshot) {
        case CounterSnapshot counter ->
            renamed.add(new CounterSnapshot(metadata, counter.getDataPoints()));
        case GaugeSnapshot gauge -> renamed.add(new GaugeSnapshot(metadata, gauge.getDataPoints()));
        case HistogramSnapshot histogram ->
            renamed.add(new HistogramSnapshot(metadata, histogram.getDataPoints()));
        default -> {
          // No others are made here.
        }
      }
    }
    return new MetricSnapshots(renamed);
  }
}
