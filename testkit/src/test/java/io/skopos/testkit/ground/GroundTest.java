// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.ground;

import static io.skopos.testkit.ground.Life.TENANT;
import static io.skopos.testkit.ground.Life.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.model.Signal;
import io.skopos.model.UtcDay;
import io.skopos.model.config.ByteSize;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.WriteUnavailable;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The assembled ground with a small store on a real disk. */
final class GroundTest {

  private static final UtcDay DAY = UtcDay.parse("2026-03-01");
  private static final long NOON_MS = DAY.startMs() + 43_200_000;

  @TempDir Path directory;

  private final AtomicLong nowMs = new AtomicLong(NOON_MS);

  private Life begin(StorageConfig config) throws IOException {
    return new Life(new RealDisk(), directory, config, nowMs);
  }

  private Life begin() throws IOException {
    return begin(Life.config(true));
  }

  private static Manifest manifest(Life life, UtcDay day) {
    Manifest manifest = life.ground.manifests().get(TENANT, Signal.EVENTS, day);
    assertThat(manifest).isNotNull();
    return manifest;
  }

  private static void awaitTrue(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.sleep(2);
    }
  }

  @Test
  void rowsAreVisibleOnceAcknowledgedAndStayOverFlushAndRestart() throws Exception {
    try (Life life = begin()) {
      await(life.write(0, "a/1", NOON_MS, "one"));
      await(life.write(3, "a/2", 0, "in 1970"));
      assertThat(life.store.values())
          .containsOnly(Map.entry("a/1", "one"), Map.entry("a/2", "in 1970"));
      await(life.ground.flush());
      assertThat(manifest(life, DAY).parts()).hasSize(1);
      assertThat(manifest(life, new UtcDay(0)).parts()).hasSize(1);
      await(life.write(1, "a/3", NOON_MS, "three"));
      assertThat(life.store.all()).hasSize(3);
    }
    try (Life life = begin()) {
      assertThat(life.replay.frames()).as("a clean stop leaves nothing to replay").isZero();
      assertThat(life.store.values()).containsOnlyKeys("a/1", "a/2", "a/3");
      assertThat(life.store.all()).hasSize(3);
    }
  }

  @Test
  void withoutAFlushAtTheEndTheLogIsReplayedAndFlushedRowsAreSkipped() throws Exception {
    try (Life life = begin(Life.config(false))) {
      for (int i = 0; i < 20; i++) {
        await(life.write(i % 4, "a/" + i, NOON_MS + i, "v" + i));
        if (i == 9) {
          await(life.ground.flush());
        }
      }
    }
    // The hint of what was released is lost: the manifests alone have to tell.
    Files.delete(directory.resolve("log/released"));
    try (Life life = begin(Life.config(false))) {
      assertThat(life.replay.frames()).isGreaterThanOrEqualTo(10);
      assertThat(life.store.all()).hasSize(20);
      assertThat(life.ground.status().replay().frames()).isEqualTo(life.replay.frames());
    }
  }

  @Test
  void aFlushReleasesTheLog() throws Exception {
    try (Life life = begin()) {
      for (int i = 0; i < 200; i++) {
        await(life.write(i % 4, "a/" + i, NOON_MS, "value " + i));
      }
      assertThat(life.ground.status().log().segments()).isGreaterThan(3);
      await(life.ground.flush());
      assertThat(life.ground.status().log().segments()).isLessThanOrEqualTo(1);
      assertThat(life.ground.status().lastFlushMs()).isEqualTo(nowMs.get());
      assertThat(life.store.all()).hasSize(200);
    }
  }

  @Test
  void aDeletionHidesOnlyWhatWasBeforeItInHeadsAndParts() throws Exception {
    try (Life life = begin(Life.config(false))) {
      await(life.write(0, "a/in part", NOON_MS, "1"));
      await(life.write(1, "b/in part", NOON_MS, "1"));
      await(life.ground.flush());
      await(life.write(2, "a/in head", NOON_MS, "1"));
      await(life.delete("a"));
      assertThat(life.store.values()).containsOnlyKeys("b/in part");
      await(life.write(2, "a/after", NOON_MS, "2"));
      assertThat(life.store.values()).containsOnlyKeys("b/in part", "a/after");
    }
    try (Life life = begin(Life.config(false))) {
      assertThat(life.store.values()).containsOnlyKeys("b/in part", "a/after");
      await(life.ground.flush());
      assertThat(life.store.values()).containsOnlyKeys("b/in part", "a/after");
    }
    try (Life life = begin()) {
      assertThat(life.store.values()).containsOnlyKeys("b/in part", "a/after");
    }
  }

  @Test
  void aSettledDayEndsAsOnePartWithoutItsDeletions() throws Exception {
    try (Life life = begin()) {
      for (int flush = 0; flush < 6; flush++) {
        await(life.write(flush % 4, "a/" + flush, NOON_MS + flush, "v"));
        await(life.write(flush % 4, "b/" + flush, NOON_MS + flush, "v"));
        await(life.ground.flush());
      }
      await(life.delete("b"));
      assertThat(manifest(life, DAY).deletions()).hasSize(1);
      List<PartEntry> before = manifest(life, DAY).parts();
      assertThat(before).hasSize(6);
      try (Manifests.Lease lease = life.ground.manifests().lease()) {
        nowMs.addAndGet(Duration.ofDays(3).toMillis());
        awaitTrue(() -> {
          look(life);
          return manifest(life, DAY).parts().size() == 1
              && manifest(life, DAY).deletions().isEmpty();
        });
        for (PartEntry part : before) {
          assertThat(directory.resolve("objects").resolve(part.object())).exists();
        }
      }
      // The merge's swap is seen a moment before its inputs are marked for removal.
      awaitTrue(() -> {
        look(life);
        return before.stream()
            .noneMatch(part -> Files.exists(directory.resolve("objects").resolve(part.object())));
      });
      assertThat(life.store.values()).containsOnlyKeys("a/0", "a/1", "a/2", "a/3", "a/4", "a/5");
      assertThat(manifest(life, DAY).parts().getFirst().rows()).isEqualTo(6);
    }
  }

  @Test
  void aDamagedPartDoesNotKeepItsDayFromSettling() throws Exception {
    PartEntry broken;
    try (Life life = begin()) {
      for (int flush = 0; flush < 5; flush++) {
        await(life.write(0, "a/" + flush, NOON_MS + flush, "v"));
        await(life.ground.flush());
      }
      broken = manifest(life, DAY).parts().get(2);
    }
    Path object = directory.resolve("objects").resolve(broken.object());
    byte[] bytes = Files.readAllBytes(object);
    bytes[(int) broken.offset() + 26] ^= 1; // behind the header, in the page
    Files.write(object, bytes);
    try (Life life = begin()) {
      nowMs.addAndGet(Duration.ofDays(3).toMillis());
      awaitTrue(() -> {
        look(life);
        return manifest(life, DAY).parts().size() == 3;
      });
      List<PartEntry> parts = manifest(life, DAY).parts();
      assertThat(parts.get(1)).isEqualTo(broken);
      assertThat(parts).extracting(PartEntry::rows).containsExactly(2L, 1L, 2L);
      assertThat(life.ground.damagedFiles())
          .singleElement()
          .satisfies(damaged -> assertThat(damaged.file()).isEqualTo(broken.object()));
    }
  }

  private static void look(Life life) {
    try {
      life.ground.maintain();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPausedBackgroundMergesNothing() throws Exception {
    try (Life life = begin()) {
      life.ground.pauseBackground();
      for (int flush = 0; flush < 4; flush++) {
        await(life.write(0, "a/" + flush, NOON_MS, "v"));
        await(life.ground.flush());
      }
      look(life);
      assertThat(manifest(life, DAY).parts()).hasSize(4);
      life.ground.resumeBackground();
      awaitTrue(() -> manifest(life, DAY).parts().size() == 1);
      assertThat(life.store.all()).hasSize(4);
    }
  }

  @Test
  void retentionByTimeDropsWholeDays() throws Exception {
    StorageConfig config = withRetention(r -> r.withTime(Duration.ofDays(10)));
    try (Life life = begin(config)) {
      assertThat(life.ground.oldestKeptMs(Signal.EVENTS))
          .isEqualTo(NOON_MS - Duration.ofDays(10).toMillis());
      for (int age = 5; age <= 15; age += 5) {
        await(life.write(0, "a/" + age, NOON_MS - Duration.ofDays(age).toMillis(), "v"));
      }
      await(life.ground.flush());
      life.ground.maintain();
      assertThat(life.store.values()).containsOnlyKeys("a/5", "a/10");
      nowMs.addAndGet(Duration.ofDays(1).toMillis());
      life.ground.maintain();
      assertThat(life.store.values()).containsOnlyKeys("a/5");
    }
  }

  @Test
  void retentionBySizeDropsTheOldestDaysButNotTheNewest() throws Exception {
    try (Life life = begin(withRetention(r -> r.withSize(new ByteSize(1))))) {
      for (int age = 0; age < 4; age++) {
        await(life.write(0, "a/" + age, NOON_MS - Duration.ofDays(age).toMillis(), "v"));
      }
      await(life.ground.flush());
      life.ground.maintain();
      assertThat(life.store.values()).containsOnlyKeys("a/0");
    }
  }

  private static StorageConfig withRetention(
      java.util.function.UnaryOperator<StorageConfig.Retention> change) {
    StorageConfig config = Life.config(true);
    return new StorageConfig(
        config.shards(),
        config.log(),
        config.flush(),
        config.compaction(),
        change.apply(config.retention()),
        config.objectStore(),
        config.pageCacheShare(),
        config.orphanAge(),
        config.tiering());
  }

  @Test
  void fullHeadsRefuseWritesWithTheReasonUntilFlushed() throws Exception {
    try (Life life = begin()) {
      await(life.write(0, "a/1", NOON_MS, "v"));
      life.store.pretendedBytes = 1 << 30;
      awaitTrue(() -> !life.ground.status().writable());
      assertThatThrownBy(() -> await(life.write(0, "a/2", NOON_MS, "v")))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(WriteUnavailable.class)
          .hasMessageContaining("head_share");
      // Memory alone makes the ground flush.
      awaitTrue(() -> life.ground.status().lastFlushMs() != 0);
      life.store.pretendedBytes = 0;
      awaitTrue(() -> life.ground.status().writable());
      await(life.write(0, "a/3", NOON_MS, "v"));
      assertThat(life.store.values()).containsOnlyKeys("a/1", "a/3");
    }
  }

  @Test
  void aFrameThatCannotBeAppliedIsKeptAsideAndStopsNothing() throws Exception {
    try (Life life = begin()) {
      life.store.poison = "a/bad";
      List<CompletableFuture<?>> writes = new ArrayList<>();
      writes.add(life.write(0, "a/1", NOON_MS, "v"));
      writes.add(life.write(0, "a/bad", NOON_MS, "v"));
      writes.add(life.write(0, "a/2", NOON_MS, "v"));
      for (CompletableFuture<?> write : writes) {
        await(write);
      }
      assertThat(life.store.values()).containsOnlyKeys("a/1", "a/2");
      assertThat(life.ground.status().applyFailures()).isEqualTo(1);
      assertThat(life.ground.damagedFiles()).hasSize(1);
      Path kept = Path.of(life.ground.damagedFiles().getFirst().file());
      assertThat(Files.readString(kept)).startsWith("a/bad\t");
    }
  }

  @Test
  void aFullDiskRefusesWritesAnswersQuestionsAndRecovers() throws Exception {
    SimulatedDisk disk = new SimulatedDisk(1);
    StorageConfig config = Life.config(true);
    StorageConfig.Log log = config.log();
    config =
        new StorageConfig(
            config.shards(),
            new StorageConfig.Log(
                log.segmentSize(),
                log.queueSize(),
                log.queueWait(),
                new ByteSize(100_000),
                log.retryInterval(),
                true),
            config.flush(),
            config.compaction(),
            config.retention(),
            config.objectStore(),
            config.pageCacheShare(),
            config.orphanAge(),
            config.tiering());
    try (Life life = new Life(disk, Path.of("/data"), config, nowMs)) {
      await(life.write(0, "a/1", NOON_MS, "v"));
      disk.limitCapacity(50_000);
      assertThatThrownBy(() -> await(life.write(0, "a/2", NOON_MS, "v")))
          .hasCauseInstanceOf(WriteUnavailable.class)
          .hasMessageContaining("reserve");
      assertThat(life.ground.status().writable()).isFalse();
      assertThat(life.store.values()).containsOnlyKeys("a/1");
      await(life.ground.flush());
      disk.limitCapacity(Long.MAX_VALUE);
      awaitTrue(() -> life.ground.status().writable());
      await(life.write(0, "a/3", NOON_MS, "v"));
      assertThat(life.store.values()).containsOnlyKeys("a/1", "a/3");
    }
  }
}
