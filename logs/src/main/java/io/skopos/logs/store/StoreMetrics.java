// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.logs.store.head.HeadMemory;
import io.skopos.logs.store.head.Heads;
import io.skopos.storage.CallbackMetrics;

/** What the store says about itself. */
final class StoreMetrics {

  private final Counter rowsApplied;
  private final Counter rowsFlushed;

  StoreMetrics(PrometheusRegistry registry, Heads heads, HeadMemory memory) {
    rowsApplied =
        Counter.builder()
            .withoutExemplars()
            .name("skopos_logs_rows_applied_total")
            .help("Log entries applied to heads.")
            .register(registry);
    rowsFlushed =
        Counter.builder()
            .withoutExemplars()
            .name("skopos_logs_rows_flushed_total")
            .help("Log entries written from heads to parts.")
            .register(registry);
    CallbackMetrics.gauge(
        registry, "skopos_logs_heads", "Heads (tenant, day, shard) in memory.", heads::count);
    CallbackMetrics.gauge(
        registry,
        "skopos_logs_head_streams",
        "Streams in heads, counted per head.",
        heads::streamCount);
    CallbackMetrics.gauge(
        registry,
        "skopos_logs_head_bytes",
        "Memory used by heads, on and off the heap.",
        memory::bytes);
  }

  void applied(int rows) {
    rowsApplied.inc(rows);
  }

  void flushed(long rows) {
    rowsFlushed.inc(rows);
  }
}
