// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.TimeRange;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.directory.DataDirectory;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.documents.StoredDocuments;
import io.skopos.storage.log.FileIngestLog;
import io.skopos.storage.log.LogDamage;
import io.skopos.storage.manifest.ManifestStore;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.pages.PageCache;
import io.skopos.storage.part.StoredParts;
import io.skopos.storage.shard.UnappliedFrames;
import io.skopos.storage.snapshot.DataSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Puts the pieces of a local data directory together, lowest first. */
final class GroundAssembly {

  /** Below this a page cache is of no use. */
  private static final long LEAST_PAGE_CACHE = 1 << 20;

  /** Of the page cache's bytes, for footers and indexes of open parts on the heap. */
  private static final int OPEN_PARTS_SHARE = 4;

  private GroundAssembly() {}

  static Ground open(
      Path root,
      StorageConfig config,
      Disk disk,
      InstantSource clock,
      MemoryBudget memory,
      PrometheusRegistry registry)
      throws IOException {
    DamagedFiles damagedFiles = new DamagedFiles(clock, registry);
    DataDirectory directory = DataDirectory.open(disk, root, config.shards(), clock, damagedFiles);
    try {
      return assemble(directory, config, disk, clock, memory, registry, damagedFiles);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private static Ground assemble(
      DataDirectory directory,
      StorageConfig config,
      Disk disk,
      InstantSource clock,
      MemoryBudget memory,
      PrometheusRegistry registry,
      DamagedFiles damagedFiles)
      throws IOException {
    DirectoryObjectStore objects = new DirectoryObjectStore(disk, directory.objects(), registry);
    long cacheBytes =
        Math.max(LEAST_PAGE_CACHE, (long) (memory.limitBytes() * config.pageCacheShare()));
    PageCache pages = new PageCache(cacheBytes, memory, registry);
    StoredParts parts =
        new StoredParts(
            objects, pages, cacheBytes / OPEN_PARTS_SHARE, memory, damagedFiles, clock, registry);
    ManifestStore manifests =
        new ManifestStore(
            objects,
            directory.epoch(),
            directory.sharding().shardCount(),
            parts.found(),
            memory,
            damagedFiles,
            clock,
            registry);
    if (!config.orphanAge().isZero()) {
      manifests.removeOrphans(config.orphanAge());
    }
    Path damaged = directory.root().resolve("damaged");
    FileIngestLog log =
        new FileIngestLog(
            disk,
            directory.log(),
            damaged,
            directory.sharding().shardCount(),
            config.log(),
            clock,
            registry,
            damage -> report(damagedFiles, damage));
    UnappliedFrames unapplied =
        new UnappliedFrames(
            disk,
            damaged,
            (file, frame) ->
                damagedFiles.report(
                    DamagedFile.Kind.LOG,
                    file.toString(),
                    "a durable frame of "
                        + frame.rows()
                        + " rows could not be applied and was kept here",
                    new TimeRange(frame.minTimeMs(), frame.maxTimeMs()),
                    frame.payloadLength()));
    StoredDocuments documents =
        new StoredDocuments(
            objects, StoredDocuments.DEFAULT_MAX_BYTES, damagedFiles, clock, registry);
    return new Ground(
        config,
        new Ground.Pieces(
            directory,
            documents,
            objects,
            parts,
            manifests,
            log,
            unapplied,
            damagedFiles,
            new DataSnapshot(disk, directory.root(), manifests),
            List.of(parts, pages, directory)),
        clock,
        memory,
        registry);
  }

  private static void report(DamagedFiles damagedFiles, LogDamage damage) {
    damagedFiles.report(
        DamagedFile.Kind.LOG,
        damage.file().toString(),
        damage.what() + ", from byte " + damage.offset() + "; stepped over, the file is kept",
        damage.range(),
        damage.bytes());
  }
}
