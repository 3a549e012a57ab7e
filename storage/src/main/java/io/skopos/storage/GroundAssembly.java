// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.TimeRange;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.log.FileIngestLog;
import io.skopos.storage.log.LogDamage;
import io.skopos.storage.manifest.ManifestStore;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.pages.PageCache;
import io.skopos.storage.part.StoredParts;
import io.skopos.storage.shard.UnappliedFrames;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Puts the pieces of a local data directory together, lowest first. */
final class GroundAssembly {

  /** Below this a page cache is of no use. */
  private static final long LEAST_PAGE_CACHE = 1 << 20;

  /** Of the page cache's bytes, for footers and indexes of open parts on the heap. */
  private static final int OPEN_PARTS_SHARE = 4;

  private GroundAssembly() {}

  /**
   * @param directory the data directory; {@code log}, {@code objects} and {@code damaged} below it
   *     are the ground's
   * @param closeables closed after everything the ground opened itself
   */
  static Ground assemble(
      Path directory,
      Sharding sharding,
      long epoch,
      StorageConfig config,
      Disk disk,
      InstantSource clock,
      MemoryBudget memory,
      PrometheusRegistry registry,
      DamagedFiles damagedFiles,
      List<AutoCloseable> closeables)
      throws IOException {
    DirectoryObjectStore objects =
        new DirectoryObjectStore(disk, directory.resolve("objects"), registry);
    long cacheBytes =
        Math.max(LEAST_PAGE_CACHE, (long) (memory.limitBytes() * config.pageCacheShare()));
    PageCache pages = new PageCache(cacheBytes, memory, registry);
    StoredParts parts =
        new StoredParts(
            objects, pages, cacheBytes / OPEN_PARTS_SHARE, memory, damagedFiles, clock, registry);
    ManifestStore manifests =
        new ManifestStore(
            objects,
            epoch,
            sharding.shardCount(),
            parts.found(),
            memory,
            damagedFiles,
            clock,
            registry);
    if (!config.orphanAge().isZero()) {
      manifests.removeOrphans(config.orphanAge());
    }
    Path damaged = directory.resolve("damaged");
    FileIngestLog log =
        new FileIngestLog(
            disk,
            directory.resolve("log"),
            damaged,
            sharding.shardCount(),
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
    List<AutoCloseable> all = new ArrayList<>(List.of(parts, pages));
    all.addAll(closeables);
    return new Ground(
        config,
        new Ground.Pieces(
            sharding, objects, parts, manifests, log, unapplied, damagedFiles, List.copyOf(all)),
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
