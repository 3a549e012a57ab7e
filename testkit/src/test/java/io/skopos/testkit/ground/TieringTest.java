// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.ground;

import static io.skopos.testkit.ground.Life.TENANT;
import static io.skopos.testkit.ground.Life.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.model.UtcDay;
import io.skopos.model.config.ByteSize;
import io.skopos.storage.BucketUse;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.WriteUnavailable;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.documents.Document;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.tiering.BucketInUse;
import io.skopos.storage.tiering.TieringConfig;
import io.skopos.storage.tiering.TieringStatus;
import io.skopos.testkit.storage.FaultyObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ground whose parts go into a bucket; the bucket is a directory that fails on request. */
final class TieringTest {

  private static final UtcDay DAY = UtcDay.parse("2026-03-01");
  private static final long NOON_MS = DAY.startMs() + 43_200_000;

  @TempDir Path root;

  private final AtomicLong nowMs = new AtomicLong(NOON_MS);
  private DirectoryObjectStore directory;
  private FaultyObjectStore bucket;

  @BeforeEach
  void openBucket() throws IOException {
    directory =
        new DirectoryObjectStore(new RealDisk(), root.resolve("bucket"), new PrometheusRegistry());
    bucket = new FaultyObjectStore(directory);
  }

  @AfterEach
  void closeBucket() {
    directory.close();
  }

  private Life begin(String name, BucketUse.Mode mode, StorageConfig config) throws IOException {
    return new Life(new RealDisk(), root.resolve(name), config, new BucketUse(bucket, mode), nowMs);
  }

  private Life begin(String name, BucketUse.Mode mode) throws IOException {
    return begin(name, mode, Life.tiered(true, Duration.ZERO));
  }

  private Life begin() throws IOException {
    return begin("data", BucketUse.Mode.OWN);
  }

  private static TieringStatus status(Life life) {
    return Objects.requireNonNull(life.ground.status().tiering());
  }

  /** A condition that may throw. */
  @FunctionalInterface
  private interface Check {
    boolean holds() throws Exception;
  }

  private static void awaitTrue(Check condition) throws Exception {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.sleep(2);
    }
  }

  /** Everything is in the bucket, and nothing there is too much. */
  private static void awaitSettled(Life life) throws Exception {
    awaitTrue(() -> {
      life.ground.requestUpload();
      return life.isSettledInBucket();
    });
  }

  private static List<PartEntry> parts(Life life, UtcDay day) {
    Manifest manifest = life.ground.manifests().get(TENANT, Signal.EVENTS, day);
    return manifest == null ? List.of() : manifest.parts();
  }

  private List<String> keysInBucket(String prefix) throws IOException {
    List<String> keys = new ArrayList<>();
    for (ObjectSummary object : directory.list(prefix, "", 1000)) {
      keys.add(object.key());
    }
    return keys;
  }

  private List<String> localParts(String name) throws IOException {
    Path parts = root.resolve(name).resolve("objects/parts");
    if (!Files.exists(parts)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(parts)) {
      return files.filter(Files::isRegularFile).map(Path::toString).toList();
    }
  }

  private void write(Life life, int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      await(life.write(i % 4, "a/" + i, NOON_MS + i, "value " + i));
    }
    await(life.ground.flush());
  }

  @Test
  void partsMoveIntoTheBucketAndStayReadable() throws Exception {
    try (Life life = begin()) {
      await(life.write(3, "b/1", 0, "in 1970"));
      write(life, 0, 10);
      awaitSettled(life);
      assertThat(parts(life, DAY))
          .allMatch(part -> part.object().startsWith("bucket/packs/2026-03-01/"));
      awaitTrue(() -> localParts("data").isEmpty());
      assertThat(life.store.all()).hasSize(11);
      assertThat(keysInBucket("packs/")).hasSize(2);
      write(life, 10, 20);
      awaitSettled(life);
      assertThat(life.store.all()).hasSize(21);
    }
    try (Life life = begin()) {
      assertThat(life.store.all()).hasSize(21);
      assertThat(status(life).epoch()).isEqualTo(2);
    }
  }

  @Test
  void whatIsMergedReplacesItsInputsInTheBucket() throws Exception {
    try (Life life = begin()) {
      for (int round = 0; round < 6; round++) {
        write(life, round * 5, round * 5 + 5);
        awaitSettled(life);
      }
      assertThat(keysInBucket("packs/")).hasSize(6);
      nowMs.addAndGet(Duration.ofHours(60).toMillis());
      awaitTrue(() -> {
        life.ground.maintain();
        awaitSettled(life);
        return parts(life, DAY).size() == 1;
      });
      awaitSettled(life);
      assertThat(life.store.all()).hasSize(30);
      awaitTrue(() -> keysInBucket("packs/").size() == 1);
      awaitTrue(() -> localParts("data").isEmpty());
    }
  }

  @Test
  void aLostDiskIsRebuiltFromTheBucket() throws Exception {
    try (Life life = begin()) {
      write(life, 0, 10);
      await(life.delete("none"));
      Document _ = life.ground.documents().create(TENANT, "dashboard", "main", new byte[] {4, 2});
      awaitSettled(life);
    }
    // The next start's first cycle has it copied, at the latest.
    try (Life life = begin()) {
      awaitTrue(() -> keysInBucket("documents/").size() == 1);
    }
    assertThatThrownBy(() -> begin("other", BucketUse.Mode.OWN))
        .isInstanceOf(BucketInUse.class)
        .hasMessageContaining("--take-over")
        .hasMessageContaining("--read-only");
    try (Life life = begin("other", BucketUse.Mode.TAKE_OVER)) {
      assertThat(life.store.all()).hasSize(10);
      Document copy =
          Objects.requireNonNull(life.ground.documents().get(TENANT, "dashboard", "main"));
      assertThat(copy.content()).containsExactly(4, 2);
      // Newer than anything in the bucket, or the deletion would not hide the old rows.
      await(life.write(0, "a/new", NOON_MS, "new"));
      await(life.delete("a"));
      assertThat(life.store.all()).isEmpty();
      write(life, 20, 25);
      awaitSettled(life);
      assertThat(life.store.all()).hasSize(5);
    }
    try (Life life = begin("other", BucketUse.Mode.OWN)) {
      assertThat(life.store.all()).hasSize(5);
    }
    assertThatThrownBy(() -> begin("data", BucketUse.Mode.OWN)).isInstanceOf(BucketInUse.class);
    assertThatThrownBy(() -> begin("data", BucketUse.Mode.TAKE_OVER))
        .as("a directory with data of its own takes nothing over")
        .isInstanceOf(BucketInUse.class);
  }

  @Test
  void aFormerOwnerNoticesAndKeepsWhatItHas() throws Exception {
    try (Life first = begin()) {
      write(first, 0, 5);
      awaitSettled(first);
      try (Life second = begin("other", BucketUse.Mode.TAKE_OVER)) {
        write(second, 100, 105);
        awaitSettled(second);
        write(first, 5, 10);
        awaitTrue(() ->
            status(first).lastError().contains("taken over")
                || status(first).lastError().contains("took")
                || status(first).lastError().contains("taken the bucket over"));
        assertThat(status(first).attached()).isFalse();
        assertThat(first.store.all()).as("writes go on").hasSize(10);
        assertThat(localParts("data")).isNotEmpty();
        assertThat(second.store.all()).hasSize(10);
        awaitSettled(second);
      }
    }
  }

  @Test
  void aReaderSeesWhatTheOwnerDoes() throws Exception {
    try (Life owner = begin("data", BucketUse.Mode.OWN, Life.tiered(true, Duration.ofHours(1)))) {
      write(owner, 0, 10);
      awaitUploaded(owner);
      try (Life reader = begin("reader", BucketUse.Mode.READ_ONLY)) {
        assertThat(reader.store.all()).hasSize(10);
        assertThatThrownBy(() -> await(reader.write(0, "a/x", NOON_MS, "v")))
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(WriteUnavailable.class)
            .hasMessageContaining("--read-only");
        write(owner, 10, 12);
        await(owner.write(0, "old/1", 0, "in 1970"));
        await(owner.ground.flush());
        awaitTrue(() -> reader.store.all().size() == 13);
        await(owner.delete("a"));
        awaitTrue(() -> reader.store.all().size() == 1);
        nowMs.addAndGet(Duration.ofHours(60).toMillis());
        owner.ground.maintain();
        bucket.goesAway();
        awaitTrue(() -> !status(reader).lastError().isEmpty());
        bucket.comesBack();
        awaitTrue(() -> status(reader).lastError().isEmpty());
        assertThat(reader.store.values()).containsOnlyKeys("old/1");
      }
      assertThat(status(owner).attached()).isTrue();
      assertThat(status(owner).epoch()).isEqualTo(1);
    }
    try (Life owner = begin()) {
      write(owner, 20, 22);
      awaitSettled(owner);
    }
    try (Life reader = begin("reader", BucketUse.Mode.READ_ONLY)) {
      assertThat(reader.store.all()).hasSize(3);
    }
    assertThatThrownBy(() -> begin("data", BucketUse.Mode.READ_ONLY))
        .hasMessageContaining("holds data of its own");
  }

  private static void awaitUploaded(Life life) throws Exception {
    awaitTrue(() -> {
      life.ground.requestUpload();
      return life.isUploaded();
    });
  }

  @Test
  void retentionAndDeletionReachTheObjects() throws Exception {
    StorageConfig kept = Life.tiered(true, Duration.ZERO);
    StorageConfig config = kept.withRetention(kept.retention().withTime(Duration.ofDays(3)));
    try (Life life = begin("data", BucketUse.Mode.OWN, config)) {
      write(life, 0, 10);
      awaitSettled(life);
      nowMs.addAndGet(Duration.ofDays(1).toMillis());
      await(life.write(0, "b/1", nowMs.get(), "next day"));
      await(life.ground.flush());
      awaitSettled(life);
      assertThat(keysInBucket("manifests/")).hasSize(2);
      nowMs.addAndGet(Duration.ofDays(3).toMillis());
      bucket.goesAway();
      life.ground.maintain();
      assertThat(life.store.values()).containsOnlyKeys("b/1");
      life.ground.maintain();
      assertThat(keysInBucket("manifests/")).hasSize(2);
      bucket.comesBack();
      awaitSettled(life);
      assertThat(keysInBucket("manifests/")).hasSize(1);
      awaitTrue(() -> keysInBucket("packs/").size() == 1);
      assertThat(life.ground.manifests().days(TENANT, Signal.EVENTS)).hasSize(1);
      await(life.delete("b"));
      nowMs.addAndGet(Duration.ofHours(60).toMillis());
      assertThat(life.store.all()).isEmpty();
    }
    try (Life life = begin("data", BucketUse.Mode.OWN, config)) {
      assertThat(life.store.all()).isEmpty();
    }
  }

  @Test
  void orphansAreRemovedByAge() throws Exception {
    try (Life life = begin()) {
      write(life, 0, 10);
      awaitSettled(life);
    }
    List<String> before = keysInBucket("packs/");
    String orphan = before.getFirst().replaceAll("[0-9a-f]{16}\\.pack$", "0123456789abcdef.pack");
    String _ = directory.put(orphan, new byte[100]);
    String _ = directory.put("packs/2026-03-01/of-somebody-else", new byte[100]);
    try (Life life = begin()) {
      write(life, 10, 11);
      awaitSettled(life);
      assertThat(keysInBucket("packs/")).as("too young").contains(orphan);
    }
    nowMs.addAndGet(Duration.ofHours(3).toMillis());
    try (Life life = begin()) {
      awaitSettled(life);
      awaitTrue(() -> !keysInBucket("packs/").contains(orphan));
      assertThat(keysInBucket("packs/")).contains("packs/2026-03-01/of-somebody-else");
      assertThat(life.store.all()).hasSize(11);
    }
  }

  @Test
  void writesGoOnWhileTheBucketIsAway() throws Exception {
    try (Life life = begin()) {
      write(life, 0, 10);
      awaitSettled(life);
      bucket.goesAway();
      write(life, 10, 20);
      awaitTrue(() -> status(life).lastError().contains("503"));
      assertThat(status(life).waitingParts()).isPositive();
      assertThat(life.store.values()).as("cached, and local").hasSize(20);
    }
    // Nothing is cached any more: what lies in the bucket alone cannot be read.
    deleteCache("data");
    try (Life life = begin()) {
      assertThat(status(life).attached()).isFalse();
      await(life.write(0, "a/20", NOON_MS, "v"));
      assertThatThrownBy(() -> life.store.all()).hasMessageContaining("bucket cannot be read");
      assertThat(life.ground.damagedFiles()).isEmpty();
      bucket.comesBack();
      awaitTrue(() -> status(life).attached());
      awaitSettled(life);
      Thread.sleep(10);
      awaitTrue(() -> {
        try {
          return life.store.all().size() == 21;
        } catch (IOException e) {
          return false;
        }
      });
    }
  }

  @Test
  void theQueueIsBoundedAndSaysSo() throws Exception {
    StorageConfig config = Life.tiered(true, Duration.ZERO);
    TieringConfig tiering = config.tiering();
    StorageConfig bounded =
        config.withTiering(
            new TieringConfig(
                tiering.upload(),
                tiering.interval(),
                new ByteSize(100),
                tiering.bandwidth(),
                tiering.downloadBandwidth(),
                tiering.cacheSize(),
                tiering.fetchConcurrency(),
                tiering.removalDelay(),
                tiering.pollInterval()));
    try (Life life = begin("data", BucketUse.Mode.OWN, bounded)) {
      awaitSettled(life);
      bucket.goesAway();
      write(life, 0, 10);
      awaitTrue(() -> !life.ground.status().writable());
      assertThat(life.ground.status().reason()).contains("storage.tiering.max_waiting");
      assertThatThrownBy(() -> await(life.write(0, "a/x", NOON_MS, "v")))
          .hasMessageContaining("wait for the bucket");
      bucket.comesBack();
      awaitTrue(() -> life.ground.status().writable());
      await(life.write(0, "a/x", NOON_MS, "v"));
      assertThat(life.store.values()).hasSize(11);
    }
  }

  @Test
  void anotherBucketIsRefused() throws Exception {
    try (Life life = begin()) {
      write(life, 0, 10);
      awaitSettled(life);
    }
    try (DirectoryObjectStore second =
        new DirectoryObjectStore(
            new RealDisk(), root.resolve("second"), new PrometheusRegistry())) {
      ObjectStore empty = second;
      assertThatThrownBy(() ->
              new Life(
                  new RealDisk(),
                  root.resolve("data"),
                  Life.tiered(true, Duration.ZERO),
                  new BucketUse(empty, BucketUse.Mode.OWN),
                  nowMs))
          .isInstanceOf(BucketInUse.class)
          .hasMessageContaining("another bucket");
    }
    bucket.goesAway();
    assertThatThrownBy(() -> begin("new", BucketUse.Mode.OWN))
        .hasMessageContaining("bucket does not answer");
  }

  private void deleteCache(String name) throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve(name).resolve("cache"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }
}
