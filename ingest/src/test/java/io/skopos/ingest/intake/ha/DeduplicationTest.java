// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.storage.Ground;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.WriteRefused;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.memory.MemoryBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over the documents of a real ground. */
class DeduplicationTest {

  private static final TenantId TENANT = new TenantId("acme");
  private static final TenantId OTHER = new TenantId("other");

  @TempDir Path directory;

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Ground ground;
  private Deduplication deduplication;

  @BeforeEach
  void open() throws IOException {
    ground =
        Ground.open(
            directory,
            StorageConfig.defaults(),
            new RealDisk(),
            () -> now,
            new MemoryBudget(256 << 20),
            new PrometheusRegistry());
    deduplication = deduplicationOf(settings(true, List.of()));
  }

  @AfterEach
  void close() throws IOException {
    deduplication.close();
    ground.close();
  }

  private Deduplication deduplicationOf(HaSettings settings) {
    return new Deduplication(settings, ground.documents(), () -> now, new PrometheusRegistry());
  }

  private static HaSettings settings(boolean enabled, List<HaTenant> tenants) {
    return new HaSettings(
        enabled,
        "cluster",
        "__replica__",
        2,
        Duration.ofSeconds(30),
        Duration.ofSeconds(15),
        tenants);
  }

  private static SampleBatch batch(String cluster, String replica, double value) {
    SampleBatch batch = new SampleBatch();
    batch.series(
        Labels.of("__name__", "m", "__replica__", replica, "cluster", cluster, "job", "j"));
    batch.sample(1000, value);
    return batch;
  }

  private boolean kept(TenantId tenant, String cluster, String replica) {
    try {
      SampleBatch kept = (SampleBatch) deduplication.apply(tenant, batch(cluster, replica, 1));
      assertThat(kept.labels(0).toMap())
          .isEqualTo(Labels.of("__name__", "m", "cluster", cluster, "job", "j").toMap());
      return true;
    } catch (WriteRefused e) {
      assertThat(e.httpStatus()).isEqualTo(202);
      assertThat(e.isAccepted()).isTrue();
      assertThat(e).hasMessageContaining("'" + replica + "' does not lead its cluster '" + cluster);
      return false;
    }
  }

  private void pass(int seconds) {
    now = now.plusSeconds(seconds);
  }

  @Test
  void theFirstReplicaLeadsUntilItIsSilentForTooLong() {
    assertThat(kept(TENANT, "eu", "a")).isTrue();
    assertThat(kept(TENANT, "eu", "b")).isFalse();
    assertThat(kept(TENANT, "us", "b")).isTrue();
    assertThat(kept(OTHER, "eu", "b")).isTrue();
    pass(20);
    assertThat(kept(TENANT, "eu", "a")).isTrue();
    pass(20);
    assertThat(kept(TENANT, "eu", "b")).isFalse();
    pass(10);
    assertThat(kept(TENANT, "eu", "b")).isTrue();
    assertThat(kept(TENANT, "eu", "a")).isFalse();
    assertThat(deduplication.elections().leaders(TENANT))
        .extracting(Leader::cluster, Leader::replica, Leader::elections)
        .containsExactly(tuple("eu", "b", 2L), tuple("us", "b", 1L));
  }

  @Test
  void aClockThatIsSetBackDoesNotProlongTheSilence() {
    pass(5 * 3600);
    assertThat(kept(TENANT, "eu", "a")).isTrue();
    pass(-5 * 3600);
    assertThat(kept(TENANT, "eu", "b")).isFalse();
    pass(29);
    assertThat(kept(TENANT, "eu", "b")).isFalse();
    pass(1);
    assertThat(kept(TENANT, "eu", "b")).isTrue();
    pass(-3600);
    assertThat(kept(TENANT, "eu", "b")).as("the leader is heard at any time").isTrue();
    pass(20);
    assertThat(kept(TENANT, "eu", "a")).isFalse();
    deduplication.close();
    pass(-5 * 3600);
    deduplication = deduplicationOf(settings(true, List.of()));
    assertThat(kept(TENANT, "eu", "a")).isFalse();
    pass(30);
    assertThat(kept(TENANT, "eu", "a")).isTrue();
  }

  @Test
  void leadersOutliveARestart() {
    assertThat(kept(TENANT, "eu", "b")).isTrue();
    deduplication.close();
    pass(3600);
    deduplication = deduplicationOf(settings(true, List.of()));
    assertThat(kept(TENANT, "eu", "a")).isFalse();
    pass(29);
    assertThat(kept(TENANT, "eu", "a")).isFalse();
    assertThat(kept(TENANT, "eu", "b")).isTrue();
    deduplication.close();
    deduplication = deduplicationOf(settings(true, List.of()));
    pass(31);
    assertThat(kept(TENANT, "eu", "a")).isTrue();
    assertThat(deduplication.elections().leaders(TENANT).getFirst().elections()).isEqualTo(2);
  }

  @Test
  void clustersAreBoundedAndForgottenOnesMakeRoom() {
    assertThat(kept(TENANT, "one", "a")).isTrue();
    assertThat(kept(TENANT, "x".repeat(300), "a")).isTrue();
    assertThatThrownBy(() -> deduplication.apply(TENANT, batch("three", "a", 1)))
        .isInstanceOf(WriteRefused.class)
        .hasMessageContaining("the limit ha.max_clusters is 2");
    assertThat(kept(OTHER, "three", "a")).isTrue();
    pass(25 * 3600);
    assertThat(kept(TENANT, "three", "a")).isTrue();
    deduplication.close();
    deduplication = deduplicationOf(settings(true, List.of()));
    assertThat(deduplication.elections().leaders(TENANT))
        .extracting(Leader::cluster)
        .containsExactly("three");
  }

  @Test
  void whatBelongsToNoReplicaPassesUntouched() {
    SampleBatch plain = new SampleBatch();
    plain.series(Labels.of("__name__", "m", "cluster", "eu"));
    plain.sample(1, 1);
    plain.series(Labels.of("__name__", "m", "__replica__", "a"));
    plain.sample(1, 1);
    assertThat(deduplication.apply(TENANT, plain)).isSameAs(plain);
    deduplication = deduplicationOf(settings(false, List.of()));
    SampleBatch replicated = batch("eu", "a", 1);
    assertThat(deduplication.apply(TENANT, replicated)).isSameAs(replicated);
  }

  @Test
  void tenantsMayHaveTheirOwnLabels() {
    HaTenant own = new HaTenant("acme", true, "region", "replica", 1);
    deduplication = deduplicationOf(settings(false, List.of(own)));
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "m", "region", "eu", "replica", "a"));
    batch.sample(1, 1);
    SampleBatch kept = (SampleBatch) deduplication.apply(TENANT, batch);
    assertThat(kept.labels(0).toMap()).doesNotContainKey("replica").containsKey("region");
    assertThat(deduplication.apply(OTHER, batch)).isSameAs(batch);
  }

  @Test
  void aMixedBatchKeepsAllButTheLosersSeries() {
    assertThat(kept(TENANT, "eu", "a")).isTrue();
    NativeHistogram histogram =
        new NativeHistogram(
            1,
            true,
            ResetHint.UNKNOWN,
            0,
            0,
            3,
            4.5,
            new Buckets(new int[] {0, 1}, new double[] {3}),
            Buckets.NONE,
            NativeHistogram.NO_CUSTOM_VALUES);
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "h", "__replica__", "a", "cluster", "eu"));
    batch.histogram(1000, histogram, 500);
    batch.exemplar(new Exemplar(Labels.of("trace_id", "1"), 2, 1000));
    batch.series(Labels.of("__name__", "lost", "__replica__", "b", "cluster", "eu"));
    batch.sample(1000, 7);
    batch.exemplar(new Exemplar(Labels.of("trace_id", "2"), 2, 1000));
    batch.series(Labels.of("__name__", "plain"));
    batch.sample(1000, 8, 400);
    batch.sample(2000, 9);
    batch.metadata(1000, "h", new MetricMetadata("histogram", "", ""));
    SampleBatch kept = (SampleBatch) deduplication.apply(TENANT, batch);
    assertThat(kept.labels(0).toMap())
        .isEqualTo(Labels.of("__name__", "h", "cluster", "eu").toMap());
    assertThat(kept.histogramAt(0)).isEqualTo(histogram);
    assertThat(kept.startMs(0)).isEqualTo(500);
    assertThat(kept.labels(1).toMap()).isEqualTo(Labels.of("__name__", "plain").toMap());
    assertThat(kept.value(1)).isEqualTo(8);
    assertThat(kept.startMs(1)).isEqualTo(400);
    assertThat(kept.value(2)).isEqualTo(9);
    assertThat(kept.metadata()).hasSize(1);
    assertThat(kept.exemplars()).hasSize(1);
    assertThat(kept.labels(kept.exemplars().getFirst().series()).get("__name__")).isEqualTo("h");
    assertThat(kept.rows()).isEqualTo(5);
  }
}
