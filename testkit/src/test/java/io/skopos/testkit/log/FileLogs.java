// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.log;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.config.ByteSize;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.log.FileIngestLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Logs with small segments and quick retries, so that tests meet many of both. */
final class FileLogs {

  static final int SMALL_SEGMENTS = 2048;

  /** From this size on a segment gets a dictionary, once there were enough frames to make one. */
  static final int SEGMENTS_WITH_DICTIONARY = 1 << 20;

  private FileLogs() {}

  static FileIngestLog open(Disk disk, Path directory, int shards) throws IOException {
    return open(disk, directory, shards, SMALL_SEGMENTS);
  }

  static FileIngestLog open(Disk disk, Path directory, int shards, int segmentBytes)
      throws IOException {
    StorageConfig.Log config =
        new StorageConfig.Log(
            new ByteSize(segmentBytes),
            new ByteSize(1 << 20),
            Duration.ofSeconds(5),
            new ByteSize(0),
            Duration.ofMillis(1),
            true);
    return new FileIngestLog(
        disk,
        directory.resolve("log"),
        directory.resolve("damaged"),
        shards,
        config,
        () -> Instant.ofEpochMilli(1_700_000_000_000L),
        new PrometheusRegistry(),
        damage -> {});
  }
}
