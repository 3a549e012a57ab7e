// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.ground;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.model.config.ByteSize;
import io.skopos.storage.BucketUse;
import io.skopos.storage.Deletion;
import io.skopos.storage.Ground;
import io.skopos.storage.Positions;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.log.ReplayReport;
import io.skopos.storage.manifest.BucketKeys;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.tiering.TieringConfig;
import io.skopos.storage.tiering.TieringStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One process of a ground with one {@link KeyedRowStore}, from opening to closing. */
final class Life implements AutoCloseable {

  static final TenantId TENANT = new TenantId("team-a");
  static final int SHARDS = 4;

  final Ground ground;
  final KeyedRowStore store;
  final ReplayReport replay;

  Life(Disk disk, Path directory, StorageConfig config, AtomicLong nowMs) throws IOException {
    this(disk, directory, config, BucketUse.NONE, nowMs);
  }

  Life(Disk disk, Path directory, StorageConfig config, BucketUse bucket, AtomicLong nowMs)
      throws IOException {
    ground =
        Ground.open(
            directory,
            config,
            bucket,
            disk,
            () -> Instant.ofEpochMilli(nowMs.get()),
            new MemoryBudget(32 << 20),
            new PrometheusRegistry());
    store = new KeyedRowStore(ground.parts(), ground.manifests());
    try {
      replay = ground.start(List.of(store));
    } catch (IOException | RuntimeException e) {
      ground.close();
      throw e;
    }
  }

  /** Small segments, quick retries, no background looks of its own, nothing reserved. */
  static StorageConfig config(boolean flushOnClose) {
    StorageConfig defaults = StorageConfig.defaults();
    return new StorageConfig(
        SHARDS,
        new StorageConfig.Log(
            new ByteSize(4096),
            ByteSize.ofMebibytes(1),
            Duration.ofSeconds(5),
            new ByteSize(0),
            Duration.ofMillis(1),
            true),
        new StorageConfig.Flush(
            Duration.ofHours(2),
            0.4,
            ByteSize.ofMebibytes(1024),
            ByteSize.ofMebibytes(96),
            flushOnClose),
        new StorageConfig.Compaction(
            4, ByteSize.ofMebibytes(64), Duration.ofHours(1), Duration.ofHours(10), 1),
        defaults.retention(),
        defaults.objectStore(),
        0.25,
        Duration.ofHours(1),
        defaults.tiering());
  }

  /** The same with parts that go into a bucket at once, looked for all the time. */
  static StorageConfig tiered(boolean flushOnClose, Duration removalDelay) {
    return config(flushOnClose)
        .withTiering(
            new TieringConfig(
                TieringConfig.Upload.AT_ONCE,
                Duration.ofMillis(5),
                new ByteSize(0),
                new ByteSize(0),
                new ByteSize(0),
                ByteSize.ofMebibytes(64),
                4,
                removalDelay,
                Duration.ofMillis(20)));
  }

  CompletableFuture<Positions> write(int shard, String key, long timeMs, String value) {
    String[] row = {key, Long.toString(timeMs), value};
    return ground.write(List.of(KeyedRowStore.frame(TENANT, shard, List.<String[]>of(row))));
  }

  CompletableFuture<Void> delete(String group) {
    return ground.delete(
        TENANT, Signal.EVENTS, new Deletion(List.of(Matcher.equal("group", group)), TimeRange.ALL));
  }

  /** Whether the bucket has all parts and nothing that is too much. */
  boolean isSettledInBucket() {
    TieringStatus status = Objects.requireNonNull(ground.status().tiering());
    return isUploaded() && status.waitingRemovals() == 0 && status.lastError().isEmpty();
  }

  /** Whether the bucket has all parts and names them. */
  boolean isUploaded() {
    TieringStatus status = Objects.requireNonNull(ground.status().tiering());
    for (UtcDay day : ground.manifests().days(TENANT, Signal.EVENTS)) {
      Manifest manifest = ground.manifests().get(TENANT, Signal.EVENTS, day);
      if (manifest == null
          || manifest.parts().isEmpty()
          || manifest.parts().stream().anyMatch(part -> !BucketKeys.isInBucket(part.object()))) {
        return false;
      }
    }
    return status.waitingDays() == 0 && status.lastSuccessMs() > 0;
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    ground.close();
  }
}
