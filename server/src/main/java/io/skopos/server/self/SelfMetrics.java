// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.self;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.server.BuildInfo;
import io.skopos.storage.memory.MemoryBudget;

/** Metrics of the process that belong to no room. */
public final class SelfMetrics {

  private SelfMetrics() {}

  public static void register(
      PrometheusRegistry registry, ProcessView process, MemoryBudget memory) {
    BuildInfo build = BuildInfo.current();
    Info.builder()
        .name("skopos_build_info")
        .help("What is running.")
        .labelNames("version", "revision", "java")
        .register(registry)
        .setLabelValues(build.version(), build.revision(), String.valueOf(Runtime.version()));
    GaugeWithCallback.builder()
        .name("skopos_config_last_reload_successful")
        .help("1 when the last reload of the config was applied.")
        .callback(gauge -> gauge.call(process.reloadSucceeded() ? 1 : 0))
        .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_config_last_reload_success_timestamp_seconds")
        .help("When the config in force was read.")
        .callback(gauge -> gauge.call(process.configReadAt().toEpochMilli() / 1000.0))
        .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_memory_limit_bytes")
        .help("The budget of off-heap memory: head slabs, page cache, queues.")
        .callback(gauge -> gauge.call(memory.limitBytes()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_memory_used_bytes")
        .help("Off-heap memory in use, by owner.")
        .labelNames("owner")
        .callback(
            gauge -> memory.owners().forEach(owner -> gauge.call(memory.usedBytes(owner), owner)))
        .register(registry);
  }
}
