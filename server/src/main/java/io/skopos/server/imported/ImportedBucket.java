// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.imported;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.buckets.BucketObjectStore;
import io.skopos.buckets.ObjectStores;
import io.skopos.metrics.store.SampleSource;
import io.skopos.metrics.tsdb.bucket.BlockListing;
import io.skopos.metrics.tsdb.bucket.BucketSamples;
import io.skopos.metrics.tsdb.bucket.ImportBucketConfig;
import io.skopos.metrics.tsdb.bucket.UnitedSamples;
import io.skopos.model.TenantId;
import io.skopos.storage.blocks.BandwidthLimit;
import io.skopos.storage.blocks.BlockCache;
import io.skopos.storage.blocks.PagedObjects;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectStoreConfig;
import io.skopos.storage.pages.PageCache;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/** The config's {@code import_bucket}, listed in the background and asked beside the store. */
public final class ImportedBucket implements AutoCloseable {

  private static final String CACHE = "import-cache";

  private final BlockListing listing;
  private final BucketSamples samples;
  private final String place;

  /** In the order of their start; closed in the opposite one. */
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  private ImportedBucket(
      ImportBucketConfig config,
      Path data,
      PageCache pages,
      InstantSource clock,
      PrometheusRegistry registry)
      throws IOException {
    PrometheusRegistry own = new PrometheusRegistry();
    boolean whole = false;
    try {
      ObjectStore store;
      if (config.objectStore().type() == ObjectStoreConfig.Type.DIRECTORY) {
        ObjectStores.OpenedStore opened = ObjectStores.open(config.objectStore(), own);
        started.push(opened);
        store = opened.store();
        place = opened.description();
      } else {
        // Nothing is tried: that would write.
        BucketObjectStore bucket = ObjectStores.bucket(config.objectStore(), own);
        started.push(bucket);
        store = bucket;
        place = bucket.description();
      }
      BlockCache blocks =
          new BlockCache(
              new RealDisk(),
              data.resolve(CACHE),
              config.cacheSize().bytes(),
              store,
              config.fetchConcurrency(),
              BandwidthLimit.NONE,
              clock.millis(),
              own);
      started.push(blocks);
      listing =
          new BlockListing(
              store,
              new PagedObjects(blocks, pages, place),
              new BlockListing.Settings(
                  place,
                  new TenantId(config.tenant()),
                  Set.copyOf(config.replicaLabels()),
                  config.pollInterval()),
              clock);
      listing.start();
      started.push(listing);
      samples = new BucketSamples(listing, config.headerCache().bytes());
      whole = true;
    } finally {
      if (!whole) {
        close();
      }
    }
    registry.register(new RenamedMetrics(own, "skopos_import_"));
    GaugeWithCallback.builder()
        .name("skopos_import_blocks")
        .help("Blocks of the imported bucket that questions are answered from.")
        .callback(callback -> callback.call(listing.state().count()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_import_listed_timestamp_seconds")
        .help("When the imported bucket was listed last.")
        .callback(callback -> callback.call(listing.state().listedMs() / 1e3))
        .register(registry);
  }

  /**
   * @param pages takes the pages read from it
   */
  public static ImportedBucket open(
      ImportBucketConfig config,
      Path data,
      PageCache pages,
      InstantSource clock,
      PrometheusRegistry registry)
      throws IOException {
    return new ImportedBucket(config, data, pages, clock, registry);
  }

  /** The store and the bucket as one. */
  public SampleSource beside(SampleSource store) {
    return new UnitedSamples(store, samples);
  }

  /** What and where it is. */
  public String place() {
    return place;
  }

  public BlockListing.State state() {
    return listing.state();
  }

  @Override
  public void close() {
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("the imported bucket did not close cleanly", e);
      }
    }
  }
}
