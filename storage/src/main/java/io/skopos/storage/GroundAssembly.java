// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.model.TimeRange;
import io.skopos.storage.Ground.Following;
import io.skopos.storage.blocks.BandwidthLimit;
import io.skopos.storage.blocks.BlockCache;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.directory.DataDirectory;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.documents.StoredDocuments;
import io.skopos.storage.log.FileIngestLog;
import io.skopos.storage.log.LogDamage;
import io.skopos.storage.manifest.BucketKeys;
import io.skopos.storage.manifest.BucketManifests;
import io.skopos.storage.manifest.FollowedManifests;
import io.skopos.storage.manifest.ManifestStore;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.pages.PageCache;
import io.skopos.storage.part.StoredParts;
import io.skopos.storage.publish.PendingDeletions;
import io.skopos.storage.publish.Publications;
import io.skopos.storage.shard.UnappliedFrames;
import io.skopos.storage.snapshot.DataSnapshot;
import io.skopos.storage.tiering.BucketRemovals;
import io.skopos.storage.tiering.LedgerFollower;
import io.skopos.storage.tiering.PartsInBothPlaces;
import io.skopos.storage.tiering.TieredBytes;
import io.skopos.storage.tiering.Tiering;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
      BucketUse use,
      Disk disk,
      InstantSource clock,
      MemoryBudget memory,
      PrometheusRegistry registry)
      throws IOException {
    DamagedFiles damagedFiles = new DamagedFiles(clock, registry);
    DataDirectory directory = DataDirectory.open(disk, root, config.shards(), clock, damagedFiles);
    try {
      return assemble(directory, config, use, disk, clock, memory, registry, damagedFiles);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private static Ground assemble(
      DataDirectory directory,
      StorageConfig config,
      BucketUse use,
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
    @Nullable ObjectStore bucket = use.bucket();
    @Nullable BlockCache blocks =
        bucket == null ? null : blocks(directory, config, bucket, disk, clock, registry);
    boolean readOnly = use.mode() == BucketUse.Mode.READ_ONLY;
    StoredParts parts =
        new StoredParts(
            objects,
            new TieredBytes(objects, blocks, readOnly),
            pages,
            cacheBytes / OPEN_PARTS_SHARE,
            memory,
            damagedFiles,
            clock,
            registry);
    BucketRemovals removals = new BucketRemovals(clock);
    ManifestStore manifests =
        new ManifestStore(
            objects,
            object -> remove(object, objects, removals),
            directory.epoch(),
            directory.sharding().shardCount(),
            bucket == null || readOnly
                ? parts.found()
                : new PartsInBothPlaces(parts.found(), bucket),
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
    PendingDeletions deletions = new PendingDeletions();
    Publications publications =
        new Publications(manifests, manifests, deletions, directory.sharding().shardCount(), clock);
    @Nullable Tiering tiering = null;
    @Nullable Following following = null;
    if (bucket != null && blocks != null && !readOnly) {
      tiering =
          new Tiering(
              new Tiering.Pieces(
                  config.tiering(),
                  config.compaction().settleAfter(),
                  config.orphanAge(),
                  objects,
                  bucket,
                  use.check(),
                  directory,
                  manifests,
                  publications,
                  removals,
                  blocks),
              clock,
              registry);
      tiering.open(use.mode() == BucketUse.Mode.TAKE_OVER);
    } else if (bucket != null) {
      following = following(directory, bucket, manifests, memory, damagedFiles, clock, registry);
    }
    return new Ground(
        config,
        new Ground.Pieces(
            directory,
            documents,
            objects,
            parts,
            pages,
            manifests,
            deletions,
            publications,
            tiering,
            following,
            log,
            unapplied,
            damagedFiles,
            new DataSnapshot(disk, directory.root(), manifests),
            blocks == null
                ? List.of(parts, pages, directory)
                : List.of(blocks, parts, pages, directory)),
        clock,
        memory,
        registry);
  }

  private static BlockCache blocks(
      DataDirectory directory,
      StorageConfig config,
      ObjectStore bucket,
      Disk disk,
      InstantSource clock,
      PrometheusRegistry registry)
      throws IOException {
    return new BlockCache(
        disk,
        directory.root().resolve("cache"),
        config.tiering().cacheSize().bytes(),
        bucket,
        config.tiering().fetchConcurrency(),
        new BandwidthLimit(config.tiering().downloadBandwidth().bytes()),
        clock.millis(),
        registry);
  }

  private static void remove(String object, ObjectStore objects, BucketRemovals removals)
      throws IOException {
    if (BucketKeys.isInBucket(object)) {
      removals.add(object);
    } else {
      boolean _ = objects.delete(object);
    }
  }

  /** A first poll has to succeed: a reader that knows nothing would answer wrongly. */
  private static Following following(
      DataDirectory directory,
      ObjectStore bucket,
      ManifestStore own,
      MemoryBudget memory,
      DamagedFiles damagedFiles,
      InstantSource clock,
      PrometheusRegistry registry)
      throws IOException {
    for (Signal signal : Signal.values()) {
      if (!own.tenants(signal).isEmpty()) {
        throw new IOException(
            "data directory "
                + directory.root()
                + " holds data of its own; a server with --read-only needs another one (--data),"
                + " for its cache and tokens");
      }
    }
    FollowedManifests manifests =
        new FollowedManifests(new BucketManifests(bucket), memory, damagedFiles, registry);
    LedgerFollower follower = new LedgerFollower(bucket, manifests, clock);
    follower.poll();
    return new Following(manifests, follower);
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
