// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.WriteRefused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TenantLimitsTest {

  private static final TenantId TENANT = new TenantId("acme");
  private static final long NOW_MS = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

  private long oldestKeptMs = Long.MIN_VALUE;
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private long nowMs = NOW_MS;

  @Test
  void labelsOverTheirLimitsAreNamed() {
    TenantLimits intake =
        intake(
            new IntakeLimits(
                3, 8, 10, 0, Duration.ofSeconds(1), 0, Duration.ofHours(1), Duration.ZERO, 10));
    refused(intake, batch(NOW_MS, Labels.of("__name__", "a", "b", "1", "c", "2", "d", "3")))
        .hasMessageContaining("has 4 labels; the limit labels_per_series is 3");
    refused(intake, batch(NOW_MS, Labels.of("__name__", "a", "ninebytes", "1")))
        .hasMessageContaining("a label name of 9 bytes; the limit label_name_bytes is 8");
    refused(intake, batch(NOW_MS, Labels.of("__name__", "a", "b", "€€€€")))
        .hasMessageContaining(
            "a value of 12 bytes in the label 'b'; the limit label_value_bytes is 10");
    refused(intake, batch(NOW_MS, Labels.of("__name__", "a", "b", "x".repeat(20_000))))
        .hasMessageContaining("a value of 20000 bytes");
    intake.check(TENANT, batch(NOW_MS, Labels.of("__name__", "a", "b", "€€€", "c", "d")));
    assertThat(counter("skopos_ingest_refused_batches")).isEqualTo(4);
  }

  @Test
  void rowsOutsideTheTimesThatAreKeptAreRefused() {
    TenantLimits intake = intake(IntakeLimits.defaults());
    oldestKeptMs = Instant.parse("2026-02-01T00:00:00Z").toEpochMilli();
    refused(intake, batch(0, Labels.of("__name__", "a")))
        .hasMessage(
            "a row has the time 1970-01-01T00:00:00Z; the retention of metrics keeps nothing before"
                + " 2026-02-01T00:00:00Z. Nothing of the write was kept.");
    refused(intake, batch(NOW_MS + 86_400_001, Labels.of("__name__", "a")))
        .hasMessageContaining("by more than the limit future_tolerance of 86400 s");
    intake.check(TENANT, batch(NOW_MS + 86_400_000, Labels.of("__name__", "a")));
  }

  @Test
  void aTenantOverItsRateIsToldWhenToComeAgain() {
    TenantLimits intake =
        intake(
            new IntakeLimits(
                0, 0, 0, 1, Duration.ofSeconds(1), 0, Duration.ofHours(1), Duration.ZERO, 10));
    SampleBatch three = batch(NOW_MS, Labels.of("__name__", "a"));
    three.sample(NOW_MS + 1, 1);
    three.sample(NOW_MS + 2, 1);
    intake.check(TENANT, three);
    assertThatThrownBy(() -> intake.check(TENANT, batch(NOW_MS, Labels.of("__name__", "a"))))
        .isInstanceOfSatisfying(
            WriteRefused.class,
            e -> {
              assertThat(e.httpStatus()).isEqualTo(429);
              assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(3));
              assertThat(e).hasMessageContaining("the limit samples_per_second of 1 allows");
            });
    intake.check(new TenantId("other"), batch(NOW_MS, Labels.of("__name__", "a")));
    nowMs += 3001;
    intake.check(TENANT, batch(NOW_MS, Labels.of("__name__", "a")));
  }

  @Test
  void newSeriesOverTheLimitAreRefusedKnownOnesAreNot() {
    TenantLimits intake =
        intake(
            new IntakeLimits(
                0, 0, 0, 0, Duration.ofSeconds(1), 2, Duration.ofHours(1), Duration.ZERO, 2));
    intake.check(TENANT, batch(1, Labels.of("__name__", "a"), Labels.of("__name__", "b")));
    refused(intake, batch(1, Labels.of("__name__", "c")))
        .hasMessageContaining("has 2 series and the write brings new ones; the limit series is 2");
    intake.check(TENANT, batch(2, Labels.of("__name__", "b")));
    intake.check(new TenantId("t2"), batch(2, Labels.of("__name__", "b")));
    assertThatThrownBy(() -> intake.check(new TenantId("t3"), batch(2, Labels.of("__name__", "b"))))
        .hasMessageContaining("more than 2 tenants wrote within the last hour");
    nowMs += 3_700_000;
    intake.check(new TenantId("t3"), batch(2, Labels.of("__name__", "b")));
  }

  private TenantLimits intake(IntakeLimits limits) {
    return new TenantLimits(
        limits,
        () -> Instant.ofEpochMilli(nowMs),
        signal -> oldestKeptMs,
        new IntakeMetrics(registry));
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refused(
      TenantLimits intake, SampleBatch batch) {
    return assertThatThrownBy(() -> intake.check(TENANT, batch)).isInstanceOf(WriteRefused.class);
  }

  private static SampleBatch batch(long timeMs, Labels... series) {
    SampleBatch batch = new SampleBatch();
    for (Labels labels : List.of(series)) {
      batch.series(labels);
      batch.sample(timeMs, 1);
    }
    return batch;
  }

  private double counter(String name) {
    for (MetricSnapshot snapshot : registry.scrape()) {
      if (snapshot.getMetadata().getName().equals(name) && snapshot instanceof CounterSnapshot c) {
        return c.getDataPoints().stream().mapToDouble(point -> point.getValue()).sum();
      }
    }
    return 0;
  }
}
