// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.function.Supplier;

/** What discovery says about itself. */
final class DiscoveryMetrics {

  final Counter refreshes;
  final Counter failures;

  /**
   * @param prefix of the metrics' names
   * @param targets how many are found now, by kind
   * @param failing how many discoveries show an old answer now, by kind
   */
  DiscoveryMetrics(
      String prefix,
      PrometheusRegistry registry,
      Supplier<Map<String, Integer>> targets,
      Supplier<Map<String, Integer>> failing) {
    refreshes =
        Counter.builder()
            .name(prefix + "_discovery_refreshes_total")
            .help("Answers of discoveries, whole or of one source.")
            .labelNames("kind")
            .register(registry);
    failures =
        Counter.builder()
            .name(prefix + "_discovery_failures_total")
            .help("Times a discovery got no answer, or none that could be used.")
            .labelNames("kind")
            .register(registry);
    GaugeWithCallback.builder()
        .name(prefix + "_discovery_targets")
        .help("Targets found by discoveries, before relabelling.")
        .labelNames("kind")
        .callback(gauge -> targets.get().forEach((kind, count) -> gauge.call(count, kind)))
        .register(registry);
    GaugeWithCallback.builder()
        .name(prefix + "_discoveries_failing")
        .help("Discoveries whose last try failed, so that their targets are those of before.")
        .labelNames("kind")
        .callback(gauge -> failing.get().forEach((kind, count) -> gauge.call(count, kind)))
        .register(registry);
  }
}
