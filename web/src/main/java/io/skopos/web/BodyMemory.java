// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.config.ByteSize;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What the bodies of all requests hold together, below one limit. Thread-safe. */
final class BodyMemory {

  private final ByteSize limit;
  private final AtomicLong used = new AtomicLong();
  private final Counter refused;

  BodyMemory(ByteSize limit, PrometheusRegistry registry) {
    this.limit = limit;
    GaugeWithCallback.builder()
        .name("skopos_web_body_memory_bytes")
        .help("Memory held by request bodies; at most web.max_body_memory.")
        .callback(gauge -> gauge.call(used.get()))
        .register(registry);
    refused =
        Counter.builder()
            .name("skopos_web_body_memory_refused_total")
            .help("Requests refused because the memory for bodies was used up.")
            .register(registry);
  }

  void reserve(long bytes) {
    if (used.addAndGet(bytes) > limit.bytes()) {
      used.addAndGet(-bytes);
      refused.inc();
      throw HttpError.unavailable(
          "the bodies of the requests now being handled fill their memory of "
              + limit
              + " (web.max_body_memory); try again later",
          Duration.ofSeconds(1));
    }
  }

  void release(long bytes) {
    used.addAndGet(-bytes);
  }
}
