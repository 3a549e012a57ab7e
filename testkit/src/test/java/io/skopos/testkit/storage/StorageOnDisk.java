// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.manifest.ManifestStore;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.pages.PageCache;
import io.skopos.storage.part.StoredParts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

/** Objects, parts and manifests as one process would open them on a disk. */
final class StorageOnDisk implements AutoCloseable {

  static final int SHARDS = 4;
  static final Path ROOT = Path.of("/data/objects");

  final MutableClock clock;
  final MemoryBudget budget = new MemoryBudget(64 << 20);
  final DamagedFiles damagedFiles;
  final DirectoryObjectStore objects;
  final PageCache pages;
  final StoredParts parts;
  final ManifestStore manifests;

  StorageOnDisk(Disk disk, long epoch) throws IOException {
    this(disk, epoch, new MutableClock());
  }

  StorageOnDisk(Disk disk, long epoch, MutableClock clock) throws IOException {
    this.clock = clock;
    PrometheusRegistry registry = new PrometheusRegistry();
    damagedFiles = new DamagedFiles(clock, registry);
    objects = new DirectoryObjectStore(disk, ROOT, registry);
    pages = new PageCache(1 << 20, budget, registry);
    parts = new StoredParts(objects, pages, 1 << 20, budget, damagedFiles, clock, registry);
    manifests =
        new ManifestStore(
            objects, epoch, SHARDS, parts.found(), budget, damagedFiles, clock, registry);
  }

  @Override
  public void close() {
    parts.close();
    pages.close();
    objects.close();
  }

  /** Stands still until it is set. */
  static final class MutableClock implements InstantSource {

    private volatile Instant now = Instant.parse("2026-02-01T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    void advanceMillis(long millis) {
      now = now.plusMillis(millis);
    }
  }
}
