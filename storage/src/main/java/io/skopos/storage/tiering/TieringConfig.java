// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.skopos.model.config.ByteSize;
import io.skopos.model.config.Setting;
import java.time.Duration;

/** How parts move into the bucket and are read from there. Without a bucket it does nothing. */
public record TieringConfig(
    @Setting(
            doc =
                "When a part goes up: after_compaction, once its day is over and merged (fewest"
                    + " requests and bytes); at_once, as soon as it is written (least is lost with"
                    + " the machine).",
            defaultValue = "after_compaction")
        Upload upload,
    @Setting(doc = "How often is looked for parts and changes to upload.", defaultValue = "10s")
        Duration interval,
    @Setting(
            doc =
                "Bytes of parts that may wait for the bucket. Beyond half of it parts of unfinished"
                    + " days go up too; beyond all of it writes are answered 503. Empty: the disk is"
                    + " the bound (storage.log.reserve).")
        ByteSize maxWaiting,
    @Setting(doc = "Most bytes uploaded per second. Empty: no bound.") ByteSize bandwidth,
    @Setting(
            doc =
                "Most bytes per second that merges fetch of parts in the bucket. Empty: no bound."
                    + " What questions fetch is not held up.")
        ByteSize downloadBandwidth,
    @Setting(
            doc = "Most bytes of the local cache of what was read from the bucket.",
            defaultValue = "10GiB")
        ByteSize cacheSize,
    @Setting(doc = "Most requests at a time for reading the bucket.", defaultValue = "16")
        int fetchConcurrency,
    @Setting(
            doc =
                "How long objects that merges replaced or retention dropped stay in the bucket, for"
                    + " readers that do not know yet. Longer than a poll and a query take.",
            defaultValue = "15m")
        Duration removalDelay,
    @Setting(doc = "How often a server with --read-only asks what changed.", defaultValue = "15s")
        Duration pollInterval) {

  private static final long LEAST_CACHE = 64L << 20;

  public TieringConfig {
    if (interval.toMillis() < 1) {
      throw new IllegalArgumentException("storage.tiering.interval must be at least 1ms");
    }
    if (pollInterval.toMillis() < 1) {
      throw new IllegalArgumentException("storage.tiering.poll_interval must be at least 1ms");
    }
    if (fetchConcurrency < 1 || fetchConcurrency > 256) {
      throw new IllegalArgumentException("storage.tiering.fetch_concurrency must be from 1 to 256");
    }
    if (cacheSize.bytes() < LEAST_CACHE) {
      throw new IllegalArgumentException("storage.tiering.cache_size must be at least 64MiB");
    }
  }

  /** When a part goes up. */
  public enum Upload {
    AFTER_COMPACTION,
    AT_ONCE
  }

  public static TieringConfig defaults() {
    return new TieringConfig(
        Upload.AFTER_COMPACTION,
        Duration.ofSeconds(10),
        new ByteSize(0),
        new ByteSize(0),
        new ByteSize(0),
        ByteSize.ofMebibytes(10 * 1024),
        16,
        Duration.ofMinutes(15),
        Duration.ofSeconds(15));
  }
}
