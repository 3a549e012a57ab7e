// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.receive;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.TenantId;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What receivers took and rejected. Bounded: the tenants that wrote last, for each a few numbers
 * per protocol and its last rejections. Thread-safe.
 */
public final class Receipts {

  /** Tenants remembered; the one that has not written for longest is forgotten first. */
  static final int MAX_TENANTS = 1000;

  private final InstantSource clock;
  private final Counter rows;
  private final Counter rejected;
  private final Map<TenantId, TenantReceipts> tenants = new LinkedHashMap<>(64, 0.75f, true);

  public Receipts(InstantSource clock, PrometheusRegistry registry) {
    this.clock = clock;
    rows =
        Counter.builder()
            .name("skopos_receive_rows_total")
            .help("Rows (samples, histograms, exemplars, lines) taken from senders, by protocol.")
            .labelNames("protocol")
            .register(registry);
    rejected =
        Counter.builder()
            .name("skopos_receive_rejected_rows_total")
            .help("Rows of senders that were not taken, by protocol and reason.")
            .labelNames("protocol", "reason")
            .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_receive_tenants")
        .help("Tenants whose last receipts are remembered; at most 1000.")
        .callback(gauge -> gauge.call(tenantCount()))
        .register(registry);
  }

  /**
   * @param protocol a constant word of the receiver, such as {@code otlp}; never a sender's text
   */
  public void accepted(TenantId tenant, String protocol, long count) {
    if (count > 0) {
      rows.labelValues(protocol).inc(count);
      tenant(tenant).accepted(protocol, count, clock.millis());
    }
  }

  /**
   * @param detail one line for whoever sent it: what is wrong with which row; cut when too long
   */
  public void rejected(
      TenantId tenant, String protocol, Rejection reason, long count, String detail) {
    if (count > 0) {
      rejected.labelValues(protocol, reason.word()).inc(count);
      tenant(tenant).rejected(protocol, reason, count, detail, clock.millis());
    }
  }

  private TenantReceipts tenant(TenantId tenant) {
    synchronized (tenants) {
      TenantReceipts known = tenants.get(tenant);
      if (known == null) {
        if (tenants.size() >= MAX_TENANTS) {
          tenants.remove(tenants.keySet().iterator().next());
        }
        known = new TenantReceipts();
        tenants.put(tenant, known);
      }
      return known;
    }
  }

  /** Null when nothing is remembered. */
  @Nullable TenantReceipts of(TenantId tenant) {
    synchronized (tenants) {
      return tenants.get(tenant);
    }
  }

  long nowMs() {
    return clock.millis();
  }

  private int tenantCount() {
    synchronized (tenants) {
      return tenants.size();
    }
  }
}
