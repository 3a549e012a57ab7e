// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.bucket;

import io.skopos.model.TenantId;
import io.skopos.model.config.ByteSize;
import io.skopos.model.config.Setting;
import io.skopos.storage.objects.ObjectStoreConfig;
import java.time.Duration;
import java.util.List;

/** A bucket that Thanos or Mimir write, whose blocks answer questions where they are. */
public record ImportBucketConfig(
    @Setting(doc = "Where the bucket is; the same keys as storage.object_store. Never written to.")
        ObjectStoreConfig objectStore,
    @Setting(
            doc =
                "Whose the blocks are that lie side by side (Thanos). Blocks in a folder (Mimir) are"
                    + " those of the tenant of that name.",
            defaultValue = "anonymous")
        String tenant,
    @Setting(
            doc =
                "Labels that tell replicas apart, comma-separated: they are left out, and the"
                    + " samples of all replicas are one series.")
        List<String> replicaLabels,
    @Setting(doc = "How often is asked for new blocks.", defaultValue = "1m") Duration pollInterval,
    @Setting(
            doc = "Most bytes of the local cache, in import-cache of the data directory.",
            defaultValue = "10GiB")
        ByteSize cacheSize,
    @Setting(doc = "Most requests at a time for reading.", defaultValue = "16")
        int fetchConcurrency,
    @Setting(doc = "Most heap for the heads of indexes.", defaultValue = "64MiB")
        ByteSize headerCache) {

  private static final long LEAST_CACHE = 64L << 20;

  public ImportBucketConfig {
    replicaLabels = List.copyOf(replicaLabels);
    TenantId _ = new TenantId(tenant);
    if (pollInterval.toMillis() < 1) {
      throw new IllegalArgumentException("import_bucket.poll_interval must be at least 1ms");
    }
    if (fetchConcurrency < 1 || fetchConcurrency > 256) {
      throw new IllegalArgumentException("import_bucket.fetch_concurrency must be from 1 to 256");
    }
    if (cacheSize.bytes() < LEAST_CACHE) {
      throw new IllegalArgumentException("import_bucket.cache_size must be at least 64MiB");
    }
  }
}
