// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.skopos.storage.manifest.BucketKeys;
import io.skopos.storage.manifest.PartKeys;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Objects of the bucket that no local manifest names any more, each waiting for its time; and the
 * search for those that a crash left. Adding is thread-safe; one thread removes.
 */
public final class BucketRemovals {

  /** Beyond this many they are left to the search for orphans. */
  private static final int MOST = 1_000_000;

  private static final int PAGE = 1_000;

  private final InstantSource clock;

  /** By the bucket's key, since when. */
  private final Map<String, Long> waiting = new ConcurrentHashMap<>();

  public BucketRemovals(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param object as local manifests named it
   */
  public void add(String object) {
    if (waiting.size() < MOST) {
      waiting.putIfAbsent(BucketKeys.inBucket(object), clock.millis());
    }
  }

  int waiting() {
    return waiting.size();
  }

  /** Those that wait since then or longer, without those that are named again. */
  List<String> due(long sinceMs, Predicate<String> isNamed) {
    List<String> due = new ArrayList<>();
    waiting.forEach((key, queuedMs) -> {
      if (isNamed.test(key)) {
        waiting.remove(key);
      } else if (queuedMs <= sinceMs) {
        due.add(key);
      }
    });
    return due;
  }

  void remove(ObjectStore bucket, String key) throws IOException {
    boolean _ = bucket.delete(key);
    waiting.remove(key);
  }

  /** Objects of parts that were begun before that time and that nobody names. */
  static List<String> orphans(ObjectStore bucket, long beforeMs, Predicate<String> isNamed)
      throws IOException {
    List<String> orphans = new ArrayList<>();
    for (String root : List.of(BucketKeys.PACKS, PartKeys.ROOT)) {
      List<ObjectSummary> page = bucket.list(root, "", PAGE);
      while (!page.isEmpty()) {
        for (ObjectSummary object : page) {
          OptionalLong createdMs = BucketKeys.createdMs(object.key());
          if (createdMs.isPresent()
              && createdMs.getAsLong() < beforeMs
              && !isNamed.test(object.key())) {
            orphans.add(object.key());
          }
        }
        page = bucket.list(root, page.getLast().key(), PAGE);
      }
    }
    return orphans;
  }
}
