// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.ground;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.config.ByteSize;
import io.skopos.storage.Deletion;
import io.skopos.storage.Ground;
import io.skopos.storage.Positions;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.log.ReplayReport;
import io.skopos.storage.memory.MemoryBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    ground =
        Ground.open(
            directory,
            config,
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
        new StorageConfig.Flush(Duration.ofHours(2), 0.4, ByteSize.ofMebibytes(1024), flushOnClose),
        new StorageConfig.Compaction(
            4, ByteSize.ofMebibytes(64), Duration.ofHours(1), Duration.ofHours(10), 1),
        defaults.retention(),
        defaults.objectStore(),
        0.25,
        Duration.ofHours(1));
  }

  CompletableFuture<Positions> write(int shard, String key, long timeMs, String value) {
    String[] row = {key, Long.toString(timeMs), value};
    return ground.write(List.of(KeyedRowStore.frame(TENANT, shard, List.<String[]>of(row))));
  }

  CompletableFuture<Void> delete(String group) {
    return ground.delete(
        TENANT, Signal.EVENTS, new Deletion(List.of(Matcher.equal("group", group)), TimeRange.ALL));
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    ground.close();
  }
}
