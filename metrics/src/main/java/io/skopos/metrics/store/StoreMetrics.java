// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.metrics.store.frame.FrameEncoder;
import io.skopos.metrics.store.frame.LabelBlocks;
import io.skopos.metrics.store.head.Heads;
import io.skopos.metrics.store.head.SlabPool;
import io.skopos.storage.CallbackMetrics;

/** What the store says about itself. */
final class StoreMetrics {

  private final Counter rowsApplied;
  private final Counter samplesFlushed;
  private final Counter metadataDropped;
  private final Counter exemplarsDropped;

  StoreMetrics(PrometheusRegistry registry, Heads heads, SlabPool pool) {
    rowsApplied =
        Counter.builder()
            .withoutExemplars()
            .name("skopos_metrics_rows_applied_total")
            .help("Samples and metadata rows applied to heads.")
            .register(registry);
    samplesFlushed =
        Counter.builder()
            .withoutExemplars()
            .name("skopos_metrics_samples_flushed_total")
            .help("Samples written from heads to parts.")
            .register(registry);
    metadataDropped =
        Counter.builder()
            .withoutExemplars()
            .name("skopos_metrics_metadata_dropped_total")
            .help("Metadata rows dropped because their tenant has too many metrics.")
            .register(registry);
    exemplarsDropped =
        Counter.builder()
            .withoutExemplars()
            .name("skopos_metrics_exemplars_dropped_total")
            .help("Exemplars dropped because their series or head holds too many.")
            .register(registry);
    CallbackMetrics.gauge(
        registry, "skopos_metrics_heads", "Heads (tenant, day, shard) in memory.", heads::count);
    CallbackMetrics.gauge(
        registry,
        "skopos_metrics_head_series",
        "Series in heads, counted per head.",
        heads::seriesCount);
    CallbackMetrics.gauge(
        registry,
        "skopos_metrics_head_bytes",
        "Memory used by heads, on and off the heap.",
        heads::bytes);
    CallbackMetrics.gauge(
        registry,
        "skopos_metrics_head_reserved_bytes",
        "Off-heap memory taken for heads, free pages included.",
        pool::reservedBytes);
    LabelBlocks blocks = FrameEncoder.knownBlocks();
    CallbackMetrics.gauge(
        registry,
        "skopos_metrics_label_blocks_bytes",
        "Memory used by series known to come one after the other, of all tenants.",
        blocks::bytes);
    CallbackMetrics.counter(
        registry,
        "skopos_metrics_label_blocks_found_total",
        "Stretches of series in requests that were known from before.",
        blocks::found);
    CallbackMetrics.counter(
        registry,
        "skopos_metrics_label_blocks_made_total",
        "Stretches of series remembered because they came a second time.",
        blocks::made);
  }

  void applied(int rows) {
    rowsApplied.inc(rows);
  }

  void flushed(long samples) {
    samplesFlushed.inc(samples);
  }

  void exemplarDropped() {
    exemplarsDropped.inc();
  }

  void metadataDropped(int rows) {
    if (rows > 0) {
      metadataDropped.inc(rows);
    }
  }
}
