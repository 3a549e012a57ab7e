// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.engine.QueryBudget;
import io.skopos.ingest.host.HostMetrics;
import io.skopos.ingest.host.HostMetricsSettings;
import io.skopos.ingest.intake.ha.Deduplication;
import io.skopos.ingest.intake.ha.HaSettings;
import io.skopos.metrics.store.MetricsStore;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.storage.Ground;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.WriteRefused;
import io.skopos.storage.WriteUnavailable;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.memory.MemoryBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The intake over a real ground and a real store. */
class LimitedIntakeTest {

  private static final TenantId TENANT = new TenantId("acme");

  @TempDir Path directory;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final InstantSource clock = InstantSource.system();
  private Ground ground;
  private MetricsStore store;
  private LimitedIntake intake;

  @BeforeEach
  void open() throws IOException {
    MemoryBudget memory = new MemoryBudget(256 << 20);
    StorageConfig defaults = StorageConfig.defaults();
    StorageConfig config =
        new StorageConfig(
            defaults.shards(),
            defaults.log(),
            new StorageConfig.Flush(
                defaults.flush().interval(),
                defaults.flush().headShare(),
                defaults.flush().logSize(),
                defaults.flush().logEntries(),
                false),
            defaults.compaction(),
            defaults.retention(),
            defaults.objectStore(),
            defaults.pageCacheShare(),
            defaults.orphanAge(),
            defaults.tiering());
    ground = Ground.open(directory, config, new RealDisk(), clock, memory, registry);
    store =
        new MetricsStore(ground.sharding(), ground.parts(), ground.manifests(), memory, registry);
    ground.start(List.of(store));
    intake =
        new LimitedIntake(
            ground,
            IntakeLimits.defaults(),
            new Deduplication(HaSettings.defaults(), ground.documents(), clock, registry),
            clock,
            registry);
  }

  @AfterEach
  void close() {
    ground.close();
  }

  @Test
  void whatWasAppendedIsCountedAndWhatWasRefusedIsNot() {
    long now = clock.millis();
    intake.append(TENANT, batch(now, Labels.of("__name__", "a", "job", "j"))).join();
    assertThatThrownBy(() ->
            intake
                .append(TENANT, batch(now, Labels.of("__name__", "b", "x", "y".repeat(20_000))))
                .join())
        .hasCauseInstanceOf(WriteRefused.class);
    intake.append(TENANT, new SampleBatch()).join();
    assertThat(store.cardinality(TENANT, 10).series()).isEqualTo(1);
    assertThat(store.cardinality(new TenantId("other"), 10).series()).isZero();
  }

  @Test
  void replicasAreDeduplicatedButNotWhatThisServerCollectsItself() {
    HaSettings settings =
        new HaSettings(
            true,
            "cluster",
            "replica",
            10,
            Duration.ofSeconds(30),
            Duration.ofSeconds(15),
            List.of());
    PrometheusRegistry other = new PrometheusRegistry();
    try (Deduplication deduplication =
        new Deduplication(settings, ground.documents(), clock, other)) {
      LimitedIntake replicated =
          new LimitedIntake(ground, IntakeLimits.defaults(), deduplication, clock, other);
      long now = clock.millis();
      Labels a = Labels.of("__name__", "m", "cluster", "eu", "replica", "a");
      Labels b = Labels.of("__name__", "m", "cluster", "eu", "replica", "b");
      replicated.append(TENANT, batch(now, a)).join();
      assertThatThrownBy(() -> replicated.append(TENANT, batch(now, b)).join())
          .hasCauseInstanceOf(WriteRefused.class)
          .hasMessageContaining("does not lead");
      assertThat(store.cardinality(TENANT, 10).series()).isEqualTo(1);
      replicated.ofOwnSources().append(TENANT, batch(now, a)).join();
      replicated.ofOwnSources().append(TENANT, batch(now, b)).join();
      assertThat(store.cardinality(TENANT, 10).series()).isEqualTo(3);
    }
  }

  @Test
  void manyTenantsAreFlushedByManyThreadsAndEachFindsItsOwn() {
    long now = clock.millis();
    int tenants = 150;
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < tenants; i++) {
        SampleBatch batch = batch(now + round, Labels.of("__name__", "a", "of", "t" + i));
        intake.append(new TenantId("t" + i), batch).join();
      }
      ground.flush().join();
    }
    for (int i = 0; i < tenants; i++) {
      try (SampleSource.Selection found =
          store.select(
              new TenantId("t" + i),
              List.of(Matcher.equal("__name__", "a")),
              new TimeRange(0, now + 1),
              QueryBudget.unlimited())) {
        assertThat(found.size()).isEqualTo(1);
        assertThat(found.labels(0).get("of")).isEqualTo("t" + i);
        SampleBuffer samples = new SampleBuffer(4);
        found.read(0, 0, now + 1, samples);
        assertThat(samples.size).isEqualTo(2);
      }
      assertThat(ground.manifests().days(new TenantId("t" + i), Signal.METRICS)).hasSize(1);
    }
    assertThat(store.headBytes()).isLessThan(1 << 20);
  }

  @Test
  void ofAPartlyBadWriteTheGoodRowsAreThereAndCounted() {
    long now = clock.millis();
    SampleBatch mixed =
        batch(
            now,
            Labels.of("__name__", "good"),
            Labels.of("__name__", "bad", "x", "y".repeat(20_000)));
    assertThatThrownBy(() -> intake.append(TENANT, mixed).join())
        .cause()
        .isInstanceOfSatisfying(
            WriteRefused.class,
            refused -> {
              assertThat(refused.keptRows()).isEqualTo(1);
              assertThat(refused.refusedRows()).isEqualTo(1);
            });
    assertThat(store.cardinality(TENANT, 10).series()).isEqualTo(1);
  }

  @Test
  void aClosedGroundIsUnavailableNotRefused() {
    ground.close();
    assertThatThrownBy(
            () -> intake.append(TENANT, batch(clock.millis(), Labels.of("__name__", "a"))).join())
        .hasCauseInstanceOf(WriteUnavailable.class);
  }

  @Test
  void hostMetricsArriveInTheStore() {
    Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/stat")), "there is no Linux /proc here");
    HostMetricsSettings settings =
        new HostMetricsSettings(true, Duration.ofMillis(50), "node", "here", "/proc", "/sys", "/");
    try (HostMetrics host = new HostMetrics(settings, TENANT, intake, clock, registry)) {
      host.start();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (store.cardinality(TENANT, 10).series() < 100
          || store.metadata(TENANT, "node_cpu_seconds_total", 0, 0).isEmpty()) {
        assertThat(System.nanoTime()).as("waited 20 s in vain").isLessThan(deadline);
        LockSupport.parkNanos(5_000_000);
      }
    }
    assertThat(ground.oldestKeptMs(Signal.METRICS)).isEqualTo(Long.MIN_VALUE);
  }

  private static SampleBatch batch(long timeMs, Labels... series) {
    SampleBatch batch = new SampleBatch();
    for (Labels labels : series) {
      batch.series(labels);
      batch.sample(timeMs, 1);
    }
    return batch;
  }
}
