// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import io.skopos.ingest.collect.delivery.CollectMetrics;
import io.skopos.ingest.collect.delivery.EntryBatches;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that are followed, and those read to their end. Used by the collector's thread. */
final class FollowedFiles {

  private static final Logger log = LoggerFactory.getLogger(FollowedFiles.class);

  /** A file that was read to its end is remembered so long after it was seen last. */
  static final long FORGET_MS = TimeUnit.DAYS.toMillis(1);

  private final TailSettings settings;
  private final EntryBatches batches;
  private final LineTime lineTime;
  private final InstantSource clock;
  private final CollectMetrics metrics;
  private final Handover handover;
  private final Map<String, FollowedFile> byKey = new LinkedHashMap<>();

  FollowedFiles(
      TailSettings settings,
      EntryBatches batches,
      LineTime lineTime,
      InstantSource clock,
      CollectMetrics metrics,
      Handover handover) {
    this.settings = settings;
    this.batches = batches;
    this.lineTime = lineTime;
    this.clock = clock;
    this.metrics = metrics;
    this.handover = handover;
  }

  /** Follows a file from that position on; takes the place of one with the same key. */
  FollowedFile follow(FileJob job, FileId id, Path path, FilePosition position) {
    FollowedFile file =
        new FollowedFile(job, id, path, position, batches, lineTime, settings, metrics);
    file.directory = directoryOf(path);
    file.seenMs = clock.millis();
    file.lastDataNs = System.nanoTime();
    byKey.put(file.key, file);
    handover.keep(file.key);
    return file;
  }

  static Path directoryOf(Path path) {
    Path parent;
    try {
      parent = path.toRealPath().getParent();
    } catch (IOException e) {
      parent = path.getParent();
    }
    return parent == null ? path : parent;
  }

  /** A file has left its path, or its job: it is read to its end. */
  static void leave(FollowedFile file) {
    file.state = FollowedFile.State.LEAVING;
    file.lastDataNs = System.nanoTime();
    file.dirty = true;
  }

  static void closeQuietly(FollowedFile file) {
    try {
      file.close();
    } catch (IOException e) {
      log.debug("closing {}: {}", file.path, e.getMessage());
    }
  }

  @Nullable FollowedFile get(String key) {
    return byKey.get(key);
  }

  Collection<FollowedFile> all() {
    return Collections.unmodifiableCollection(byKey.values());
  }

  /** For callers under whom files may come and go. */
  List<FollowedFile> copy() {
    return List.copyOf(byKey.values());
  }

  int size() {
    return byKey.size();
  }

  /** Those read to their end that nobody has seen for long. */
  void forgetOld() {
    long nowMs = clock.millis();
    byKey
        .values()
        .removeIf(file -> {
          boolean old = file.state == FollowedFile.State.DONE && nowMs - file.seenMs > FORGET_MS;
          if (old) {
            handover.forget(file.key);
          }
          return old;
        });
  }

  void closeAll() {
    byKey.values().forEach(FollowedFiles::closeQuietly);
  }
}
