// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.skopos.logs.LogsConfig;
import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.WriteRefused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TenantLimitsTest {

  private static final TenantId TENANT = new TenantId("acme");
  private static final long NOW_MS = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

  private long oldestKeptMs = Long.MIN_VALUE;
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private long nowMs = NOW_MS;

  @Test
  void ofAWriteOnlySeriesOverALimitAreLeftOut() {
    TenantLimits intake =
        intake(
            new IntakeLimits(
                3, 8, 10, 0, Duration.ofSeconds(1), 0, Duration.ofHours(1), Duration.ZERO, 10));
    SampleBatch batch =
        batch(
            NOW_MS,
            Labels.of("__name__", "a", "b", "1", "c", "2", "d", "3"),
            Labels.of("__name__", "a", "b", "€€€", "c", "d"),
            Labels.of("__name__", "a", "ninebytes", "1"),
            Labels.of("__name__", "a", "b", "€€€€"),
            Labels.of("__name__", "a", "b", "x".repeat(20_000)));
    batch.exemplar(0, new Exemplar(Labels.EMPTY, 1, NOW_MS));
    Refusals refusals = refusals(intake, batch);
    assertThat(refusals.rows()).isEqualTo(4);
    assertThat(batch.rows()).isEqualTo(1);
    assertThat(batch.sampleStart(1)).isZero();
    assertThat(batch.sampleEnd(1)).isEqualTo(1);
    WriteRefused refused = refusals.refused(1);
    assertThat(refused.httpStatus()).isEqualTo(400);
    assertThat(refused.keptRows()).isEqualTo(1);
    assertThat(refused.refusedRows()).isEqualTo(4);
    assertThat(refused)
        .hasMessageStartingWith("kept 1 rows, refused 4; 1 by intake.labels_per_series: the series")
        .hasMessageContaining("has 4 labels, the limit is 3 (for this tenant alone:")
        .hasMessageContaining("overrides.acme.intake.labels_per_series")
        .hasMessageContaining("a label name of 9 bytes, the limit is 8")
        .hasMessageContaining("2 by intake.label_value_bytes")
        .hasMessageContaining("a value of 12 bytes in the label 'b', the limit is 10");
    assertThat(counter("skopos_ingest_refused_rows")).isEqualTo(4);
  }

  @Test
  void samplesOutsideTheTimesThatAreKeptAreLeftOut() {
    TenantLimits intake = intake(IntakeLimits.defaults());
    oldestKeptMs = Instant.parse("2026-02-01T00:00:00Z").toEpochMilli();
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "a"));
    batch.sample(0, 1);
    batch.sample(NOW_MS, 2, 17);
    batch.sample(NOW_MS + 86_400_000, 3);
    batch.sample(NOW_MS + 86_400_001, 4);
    batch.series(Labels.of("__name__", "b"));
    batch.sample(5, 5);
    batch.series(Labels.of("__name__", "c"));
    batch.sample(NOW_MS, 6);
    assertThat(refusals(intake, batch).refused(3))
        .hasMessage(
            "kept 3 rows, refused 3; 2 by storage.retention: a sample of {__name__=\"a\"} has the"
                + " time 1970-01-01T00:00:00Z, nothing is kept before 2026-02-01T00:00:00Z (for this"
                + " tenant alone: overrides.acme.retention); 1 by intake.future_tolerance: a sample"
                + " of {__name__=\"a\"} has the time 2026-03-02T12:00:00.001Z, which is ahead of this"
                + " server's clock (2026-03-01T12:00:00Z) by more than 86400 s (for this tenant"
                + " alone: overrides.acme.intake.future_tolerance)");
    assertThat(batch.sampleCount()).isEqualTo(3);
    assertThat(batch.sampleEnd(0)).isEqualTo(2);
    assertThat(batch.value(0)).isEqualTo(2);
    assertThat(batch.startMs(0)).isEqualTo(17);
    assertThat(batch.startMs(1)).isZero();
    assertThat(batch.sampleStart(1)).isEqualTo(batch.sampleEnd(1));
    assertThat(batch.value(batch.sampleStart(2))).isEqualTo(6);
    assertThat(batch.minTimeMs()).isEqualTo(NOW_MS);
    assertThat(batch.maxTimeMs()).isEqualTo(NOW_MS + 86_400_000);
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
              assertThat(e).hasMessageContaining("the limit intake.samples_per_second of 1 allows");
            });
    intake.check(new TenantId("other"), batch(NOW_MS, Labels.of("__name__", "a")));
    nowMs += 3001;
    intake.check(TENANT, batch(NOW_MS, Labels.of("__name__", "a")));
  }

  @Test
  void newSeriesOverTheLimitAreLeftOutKnownOnesAreNot() {
    TenantLimits intake = intake(limits(2));
    assertThat(intake.check(TENANT, batch(1, named("a"), named("b")))).isNull();
    SampleBatch mixed = batch(2, named("c"), named("b"), named("d"));
    assertThat(refusals(intake, mixed).refused(1))
        .hasMessageContaining("kept 1 rows, refused 2; 2 by intake.series: the series")
        .hasMessageContaining("{__name__=\"c\"} is new and the tenant has 2 of 2 within 3600 s");
    assertThat(mixed.sampleCount()).isEqualTo(1);
    assertThat(intake.check(new TenantId("t2"), batch(2, named("b")))).isNull();
    assertThatThrownBy(() -> intake.check(new TenantId("t3"), batch(2, named("b"))))
        .hasMessageContaining("more than 2 tenants wrote within the last hour");
    nowMs += 3_700_000;
    assertThat(intake.check(new TenantId("t3"), batch(2, named("b")))).isNull();
  }

  @Test
  void aTenantsLimitsMayChangeWhileItWrites() {
    AtomicReference<IntakeLimits> current = new AtomicReference<>(limits(0));
    TenantLimits intake = intake(_ -> Objects.requireNonNull(current.get()), 10);
    assertThat(intake.check(TENANT, batch(1, named("a"), named("b"), named("c")))).isNull();
    current.set(limits(1));
    assertThat(refusals(intake, batch(1, named("a"), named("b"))).rows()).isEqualTo(1);
    current.set(limits(2));
    assertThat(refusals(intake, batch(1, named("a"), named("b"), named("c"))).rows())
        .as("what was known stays known")
        .isEqualTo(1);
    current.set(limits(0));
    assertThat(intake.check(TENANT, batch(1, named("x"), named("y")))).isNull();
  }

  private static IntakeLimits limits(long series) {
    return new IntakeLimits(
        0, 0, 0, 0, Duration.ofSeconds(1), series, Duration.ofHours(1), Duration.ZERO, 2);
  }

  private static Labels named(String name) {
    return Labels.of("__name__", name);
  }

  private TenantLimits intake(IntakeLimits limits) {
    return intake(_ -> limits, limits.tenants());
  }

  private TenantLimits intake(LimitsByTenant limits, int maxTenants) {
    return new TenantLimits(
        limits,
        _ -> LogsConfig.DEFAULT,
        maxTenants,
        () -> Instant.ofEpochMilli(nowMs),
        (_, _) -> oldestKeptMs,
        new IntakeMetrics(registry));
  }

  private static Refusals refusals(TenantLimits intake, SampleBatch batch) {
    return Objects.requireNonNull(intake.check(TENANT, batch));
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
