// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.life;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.config.ByteSize;
import io.skopos.storage.Batch;
import io.skopos.storage.Deletion;
import io.skopos.storage.Ground;
import io.skopos.storage.Positions;
import io.skopos.storage.SignalStore;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.memory.MemoryBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** One process of a ground with a wing's store, from opening to closing. */
public final class StoreLife<S extends SignalStore> implements AutoCloseable {

  public static final TenantId TENANT = new TenantId("team-a");

  /** Segments that several frames fill, or that live long enough for a dictionary. */
  public static final int SMALL_SEGMENTS = 8192;

  public static final int SEGMENTS_WITH_DICTIONARY = 1 << 20;

  private final LifeWing<S> wing;
  private final Ground ground;
  private final S store;
  private final MemoryBudget memory = new MemoryBudget(64 << 20);

  public StoreLife(
      LifeWing<S> wing, Disk disk, Path directory, StorageConfig config, AtomicLong nowMs)
      throws IOException {
    this.wing = wing;
    PrometheusRegistry registry = new PrometheusRegistry();
    ground =
        Ground.open(
            directory, config, disk, () -> Instant.ofEpochMilli(nowMs.get()), memory, registry);
    try {
      store = wing.open(ground.sharding(), ground.parts(), ground.manifests(), memory, registry);
      ground.start(List.of(store));
    } catch (IOException | RuntimeException e) {
      ground.close();
      throw e;
    }
  }

  /** Quick retries, no background looks of its own, nothing reserved. */
  public static StorageConfig config(int segmentBytes, boolean flushOnClose) {
    return config(segmentBytes, flushOnClose, 0);
  }

  /**
   * @param ownBytes of log entries' heads that start a flush of these alone, at any moment; 0: none
   */
  static StorageConfig config(int segmentBytes, boolean flushOnClose, long ownBytes) {
    StorageConfig defaults = StorageConfig.defaults();
    return new StorageConfig(
        3,
        new StorageConfig.Log(
            new ByteSize(segmentBytes),
            ByteSize.ofMebibytes(1),
            Duration.ofSeconds(5),
            new ByteSize(0),
            Duration.ofMillis(1),
            true),
        new StorageConfig.Flush(
            Duration.ofHours(2),
            0.4,
            ByteSize.ofMebibytes(64),
            new ByteSize(ownBytes),
            flushOnClose),
        new StorageConfig.Compaction(
            3, ByteSize.ofMebibytes(64), Duration.ofHours(1), Duration.ofHours(10), 1),
        defaults.retention(),
        defaults.objectStore(),
        0.25,
        Duration.ofHours(1),
        defaults.tiering());
  }

  public Ground ground() {
    return ground;
  }

  public S store() {
    return store;
  }

  public MemoryBudget memory() {
    return memory;
  }

  public CompletableFuture<Positions> write(Batch batch) {
    return ground.write(batch.toFrames(TENANT, ground.sharding()));
  }

  CompletableFuture<Void> delete(List<Matcher> matchers, TimeRange range) {
    return ground.delete(TENANT, store.signal(), new Deletion(matchers, range));
  }

  /** What a question to everything answers. */
  public LifeWing.Answer read() {
    return wing.read(store);
  }

  @Override
  public void close() {
    ground.close();
  }
}
