// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.logs.store.head.HeadMemory;
import io.skopos.logs.store.head.Heads;
import java.util.function.LongSupplier;

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
    gauge(registry, "skopos_logs_heads", "Heads (tenant, day, shard) in memory.", heads::count);
    gauge(
        registry,
        "skopos_logs_head_streams",
        "Streams in heads, counted per head.",
        heads::streamCount);
    gauge(
        registry,
        "skopos_logs_head_bytes",
        "Memory used by heads, on and off the heap.",
        memory::bytes);
  }

  private static void gauge(
      PrometheusRegistry registry, String name, String help, LongSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsLong()))
        .register(registry);
  }

  void applied(int rows) {
    rowsApplied.inc(rows);
  }

  void flushed(long rows) {
    rowsFlushed.inc(rows);
  }
}
