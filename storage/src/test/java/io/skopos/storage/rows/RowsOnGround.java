// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.config.ByteSize;
import io.skopos.storage.Deletion;
import io.skopos.storage.Ground;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.tiering.TieringConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A row store on a ground in a directory, from opening to closing. */
final class RowsOnGround implements AutoCloseable {

  final Ground ground;
  final RowStore store;
  private final RowSchema schema;

  RowsOnGround(Path directory, RowSchema schema, InstantSource clock, boolean flushOnClose)
      throws IOException {
    this.schema = schema;
    StorageConfig defaults = StorageConfig.defaults();
    StorageConfig config =
        new StorageConfig(
            3,
            new StorageConfig.Log(
                new ByteSize(64 << 10),
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
                2, ByteSize.ofMebibytes(64), Duration.ofHours(1), Duration.ofHours(10), 1),
            defaults.retention(),
            defaults.objectStore(),
            0.25,
            Duration.ofHours(1),
            TieringConfig.defaults());
    ground =
        Ground.open(
            directory,
            config,
            new RealDisk(),
            clock,
            new MemoryBudget(256 << 20),
            new PrometheusRegistry());
    store =
        new RowStore(
            schema,
            ground.parts(),
            ground.manifests(),
            ground.sharding().shardCount(),
            name -> name);
    try {
      ground.start(List.of(store));
    } catch (IOException | RuntimeException e) {
      ground.close();
      throw e;
    }
  }

  void append(TenantId tenant, RowBlock block) throws Exception {
    RowBatch batch =
        new RowBatch(
            schema,
            block,
            (rows, row) ->
                Arrays.hashCode(
                        String.valueOf(rows.text("id", row)).getBytes(StandardCharsets.UTF_8))
                    * 0x9e3779b97f4a7c15L);
    await(ground.write(batch.toFrames(tenant, ground.sharding())));
  }

  void delete(TenantId tenant, Matcher matcher, TimeRange range) throws Exception {
    await(ground.delete(tenant, schema.signal(), new Deletion(List.of(matcher), range)));
  }

  void flush() throws Exception {
    await(ground.flush());
  }

  /** What a scan visits, as text, warnings behind it. */
  List<String> scan(TenantId tenant, RowQuery query, int limit) {
    List<String> found = new ArrayList<>();
    found.addAll(
        store.scan(
            tenant,
            query,
            (block, row) -> {
              found.add(RandomBlocks.text(block, row));
              return found.size() < limit;
            }));
    return found;
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    ground.close();
  }
}
