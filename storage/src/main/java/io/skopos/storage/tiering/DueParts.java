// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.skopos.storage.manifest.BucketKeys;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.ManifestStore;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.publish.Publications;
import io.skopos.storage.publish.TenantDay;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which parts are here only, and which of them are to go into the bucket now. Noting is
 * thread-safe; one thread surveys.
 */
final class DueParts {

  private static final int MOST_PAUSED = 10_000;

  /** A day that merges never leave alone goes up all the same, so long after its last rows. */
  private static final Duration PATIENCE = Duration.ofHours(26);

  private final TieringConfig config;
  private final Duration settleAfter;
  private final ManifestStore manifests;
  private final Publications publications;
  private final InstantSource clock;

  /** Days with parts that are here only. */
  private final Set<TenantDay> withLocalParts = ConcurrentHashMap.newKeySet();

  /** Local parts that could not be read or moved, and the nano time when they are tried again. */
  private final Map<PartEntry, Long> paused = new ConcurrentHashMap<>();

  private volatile Waiting waiting = new Waiting(0, 0, 0);

  /** What waits for the bucket. */
  record Waiting(long parts, long bytes, long oldestMs) {}

  DueParts(
      TieringConfig config,
      Duration settleAfter,
      ManifestStore manifests,
      Publications publications,
      InstantSource clock) {
    this.config = config;
    this.settleAfter = settleAfter;
    this.manifests = manifests;
    this.publications = publications;
    this.clock = clock;
  }

  /** A day got a part that is here only. */
  void note(TenantDay day) {
    withLocalParts.add(day);
  }

  boolean isEmpty() {
    return withLocalParts.isEmpty();
  }

  /** As surveyed last. */
  Waiting waiting() {
    return waiting;
  }

  /** Leaves a part alone for a while. */
  void pause(PartEntry part, Duration time) {
    if (paused.size() >= MOST_PAUSED) {
      paused.clear();
    }
    paused.put(part, System.nanoTime() + time.toNanos());
  }

  /** What is due, by day and tenant; counts what waits. */
  List<PartUpload.Item> survey() {
    List<PartUpload.Item> due = new ArrayList<>();
    long parts = 0;
    long bytes = 0;
    long oldestMs = 0;
    paused.values().removeIf(untilNanos -> System.nanoTime() - untilNanos >= 0);
    long half = config.maxWaiting().bytes() / 2;
    boolean pressed = half > 0 && waiting.bytes >= half;
    for (TenantDay day : withLocalParts) {
      Manifest manifest = manifests.get(day.tenant(), day.signal(), day.day());
      List<PartEntry> own = manifest == null ? List.of() : DayPlan.localParts(manifest);
      if (own.isEmpty()) {
        withLocalParts.remove(day);
        Manifest again = manifests.get(day.tenant(), day.signal(), day.day());
        if (again != null && !DayPlan.localParts(again).isEmpty()) {
          withLocalParts.add(day);
        }
        continue;
      }
      boolean isDue = pressed || isDue(day);
      for (PartEntry part : own) {
        parts++;
        bytes += part.length();
        OptionalLong createdMs = BucketKeys.createdMs(part.object());
        if (createdMs.isPresent() && (oldestMs == 0 || createdMs.getAsLong() < oldestMs)) {
          oldestMs = createdMs.getAsLong();
        }
        if (isDue && !paused.containsKey(part)) {
          due.add(new PartUpload.Item(day, part));
        }
      }
    }
    waiting = new Waiting(parts, bytes, oldestMs);
    due.sort(
        Comparator.comparing((PartUpload.Item item) -> item.day().day())
            .thenComparing(item -> item.day().tenant())
            .thenComparing(item -> item.day().signal())
            .thenComparing(item -> item.part().maxPosition()));
    return due;
  }

  private boolean isDue(TenantDay day) {
    return switch (config.upload()) {
      case AT_ONCE -> true;
      case AFTER_COMPACTION -> {
        long nowMs = clock.millis();
        Long lastChangeMs = publications.unsettled().get(day);
        yield nowMs > day.day().endMs() + settleAfter.toMillis()
            && (lastChangeMs == null || nowMs > lastChangeMs + PATIENCE.toMillis());
      }
    };
  }
}
