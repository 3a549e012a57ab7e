// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.pages.PageCache;
import io.skopos.storage.part.PartWriter;
import io.skopos.storage.part.StoredParts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Parts below a directory, of one tenant and day. */
final class PartsOnDisk implements AutoCloseable {

  private static final UtcDay DAY = new UtcDay(20_000);

  final MemoryBudget budget = new MemoryBudget(256L << 20);
  private final DirectoryObjectStore objects;
  private final PageCache cache;
  private final StoredParts parts;

  PartsOnDisk(Path root) throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    Disk disk = new RealDisk();
    objects = new DirectoryObjectStore(disk, root, registry);
    cache = new PageCache(64L << 20, budget, registry);
    parts =
        new StoredParts(
            objects,
            cache,
            16 << 20,
            budget,
            new DamagedFiles(InstantSource.system(), registry),
            InstantSource.system(),
            registry);
  }

  PartWriter create() throws IOException {
    return parts.create(TenantId.ANONYMOUS, Signal.METRICS, DAY, List.of());
  }

  MetricsPart open(PartEntry entry) throws IOException {
    return parts.opened(TenantId.ANONYMOUS, Signal.METRICS, DAY, entry, MetricsPart::open);
  }

  @Override
  public void close() {
    parts.close();
    cache.close();
    objects.close();
  }
}
