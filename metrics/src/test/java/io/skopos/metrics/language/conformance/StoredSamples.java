// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.conformance;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.metrics.store.MetricsStore;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.AppendedFrame;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.ManifestStore;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.pages.PageCache;
import io.skopos.storage.part.StoredParts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The metrics store as a process would have it on a disk, without the log in front. Samples stay in
 * heads, or go into parts after every write.
 */
final class StoredSamples implements ScriptStore, AutoCloseable {

  private static final int SHARDS = 4;

  private final Sharding sharding = new Sharding(SHARDS, 1, 2);
  private final DirectoryObjectStore objects;
  private final PageCache pages;
  private final StoredParts parts;
  private final MetricsStore store;
  private final ManifestStore manifests;
  private final boolean flushes;
  private long position;

  StoredSamples(Path folder, boolean flushes) throws IOException {
    this.flushes = flushes;
    PrometheusRegistry registry = new PrometheusRegistry();
    InstantSource clock = InstantSource.system();
    MemoryBudget budget = new MemoryBudget(256L << 20);
    DamagedFiles damagedFiles = new DamagedFiles(clock, registry);
    objects = new DirectoryObjectStore(new RealDisk(), folder, registry);
    pages = new PageCache(1 << 20, budget, registry);
    parts = new StoredParts(objects, pages, 1 << 20, budget, damagedFiles, clock, registry);
    manifests =
        new ManifestStore(objects, 1, SHARDS, parts.found(), budget, damagedFiles, clock, registry);
    store = new MetricsStore(sharding, parts, manifests, budget, registry);
  }

  @Override
  public SampleSource source() {
    return store;
  }

  @Override
  public void write(TenantId tenant, SampleBatch batch) {
    for (Frame frame : batch.toFrames(tenant, sharding)) {
      store.apply(new Applied(frame, position++));
    }
    if (flushes) {
      try {
        flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void flush() throws IOException {
    long[] positions = new long[SHARDS];
    for (int shard = 0; shard < SHARDS; shard++) {
      positions[shard] = position;
      store.freeze(shard, position);
    }
    position++;
    store.flush(
        positions,
        (tenant, day, part) ->
            manifests.swap(
                tenant,
                Signal.METRICS,
                day,
                present -> next(tenant, day, present, part, positions)));
  }

  private static Manifest next(
      TenantId tenant,
      UtcDay day,
      @Nullable Manifest present,
      @Nullable PartEntry part,
      long[] positions) {
    List<PartEntry> parts = new ArrayList<>(present == null ? List.of() : present.parts());
    if (part != null) {
      parts.add(part);
    }
    return new Manifest(tenant, Signal.METRICS, day, 0, 0, positions.clone(), parts, List.of());
  }

  @Override
  public void close() {
    parts.close();
    pages.close();
    objects.close();
  }

  private record Applied(Frame frame, long position) implements AppendedFrame {

    @Override
    public boolean alreadyInParts(int utcDayNumber) {
      return false;
    }
  }
}
