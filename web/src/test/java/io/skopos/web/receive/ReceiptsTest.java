// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.TenantId;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReceiptsTest {

  private static final TenantId ONE = new TenantId("one");
  private static final TenantId OTHER = new TenantId("other");

  private final AtomicLong now = new AtomicLong(1_700_000_000_000L);
  private final Receipts receipts =
      new Receipts(() -> Instant.ofEpochMilli(now.get()), new PrometheusRegistry());

  @Test
  void ratesFadeWithinAMinute() {
    receipts.accepted(ONE, "otlp", 600);
    assertThat(rate()).isEqualTo(10.0);
    now.addAndGet(30_000);
    receipts.accepted(ONE, "otlp", 600);
    assertThat(rate()).isEqualTo(20.0);
    now.addAndGet(40_000);
    assertThat(rate()).isEqualTo(10.0);
    now.addAndGet(3_600_000);
    assertThat(rate()).isEqualTo(0.0);
    assertThat(of(ONE).summaries(now.get()).getFirst().rows()).isEqualTo(1200);
  }

  private TenantReceipts of(TenantId tenant) {
    return Objects.requireNonNull(receipts.of(tenant));
  }

  private double rate() {
    return of(ONE).summaries(now.get()).getFirst().rowsPerSecond();
  }

  @Test
  void keepsTheLastRejectionsOfEachTenantApart() {
    for (int i = 0; i < 150; i++) {
      receipts.rejected(ONE, "influx", Rejection.MALFORMED, 1, "line " + i);
    }
    receipts.rejected(OTHER, "csv", Rejection.TIME, 2, "x".repeat(1000));
    assertThat(of(ONE).rejections())
        .hasSize(TenantReceipts.MAX_REJECTIONS)
        .first()
        .returns("line 149", TenantReceipts.Rejected::detail);
    assertThat(of(OTHER).rejections())
        .singleElement()
        .satisfies(rejected ->
            assertThat(rejected.detail()).hasSize(TenantReceipts.MAX_DETAIL_CHARS).endsWith("…"));
  }

  @Test
  void forgetsTheTenantsThatWroteLongestAgo() {
    for (int i = 0; i <= Receipts.MAX_TENANTS; i++) {
      receipts.accepted(new TenantId("t" + i), "otlp", 1);
    }
    assertThat(receipts.of(new TenantId("t0"))).isNull();
    assertThat(receipts.of(new TenantId("t1"))).isNotNull();
  }
}
