// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.pages.PageCache;
import io.skopos.storage.part.Parts;
import io.skopos.storage.part.StoredParts;
import io.skopos.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

final class StoredPartsContractTest {

  @Nested
  final class OnARealDisk extends OnADisk {

    @TempDir Path root;

    @Override
    protected Parts parts() throws IOException {
      return open(new RealDisk(), root);
    }
  }

  @Nested
  final class OnASimulatedDisk extends OnADisk {

    @Override
    protected Parts parts() throws IOException {
      return open(new SimulatedDisk(1), Path.of("/objects"));
    }
  }

  abstract static class OnADisk extends PartsContract {

    private final MemoryBudget budget = new MemoryBudget(64 << 20);
    private final PrometheusRegistry registry = new PrometheusRegistry();

    @SuppressWarnings("NullAway.Init")
    private DirectoryObjectStore objects;

    @SuppressWarnings("NullAway.Init")
    private PageCache cache;

    @SuppressWarnings("NullAway.Init")
    private StoredParts parts;

    Parts open(Disk disk, Path root) throws IOException {
      objects = new DirectoryObjectStore(disk, root, registry);
      cache = new PageCache(4 << 20, budget, registry);
      parts =
          new StoredParts(
              objects,
              cache,
              1 << 20,
              budget,
              new DamagedFiles(InstantSource.system(), registry),
              InstantSource.system(),
              registry);
      return parts;
    }

    @Override
    protected int objectsLeft() throws IOException {
      return objects.list("", "", 100).size();
    }

    @AfterEach
    void everyByteIsGivenBack() {
      parts.close();
      cache.close();
      objects.close();
      assertThat(budget.usedBytes()).isZero();
    }
  }
}
