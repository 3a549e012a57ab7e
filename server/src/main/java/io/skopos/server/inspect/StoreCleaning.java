// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.inspect;

import io.skopos.storage.manifest.BucketKeys;
import io.skopos.storage.manifest.BucketManifests;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.manifest.PartKeys;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.tiering.RecentChanges;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds objects of parts that no manifest names: what a crash between writing a part and naming it
 * leaves. While a manifest is damaged, nothing is an orphan: it may have named it.
 */
public final class StoreCleaning {

  private static final int LIST_PAGE = 1000;

  private final ObjectStore store;

  public StoreCleaning(ObjectStore store) {
    this.store = store;
  }

  /**
   * Orphans whose writing began at least {@code age} ago.
   *
   * @throws IOException also when a manifest is damaged
   */
  public List<ObjectSummary> find(Duration age, Instant now) throws IOException {
    Set<String> named = named();
    BucketManifests manifests = new BucketManifests(store);
    Set<BucketManifests.DayOf> asked = new HashSet<>();
    long newestMs = now.minus(age).toEpochMilli();
    List<ObjectSummary> orphans = new ArrayList<>();
    for (String root : List.of(PartKeys.ROOT, BucketKeys.PACKS)) {
      List<ObjectSummary> page = store.list(root, "", LIST_PAGE);
      while (!page.isEmpty()) {
        for (ObjectSummary object : page) {
          OptionalLong created = BucketKeys.createdMs(object.key());
          if (created.isEmpty() || created.getAsLong() > newestMs || named.contains(object.key())) {
            continue;
          }
          // The listing of manifests may have been too old to show this one's.
          BucketManifests.DayOf day = BucketManifests.dayOfPart(object.key());
          if (day != null && asked.add(day)) {
            add(day, manifests, named);
          }
          if (!named.contains(object.key())) {
            orphans.add(object);
          }
        }
        page = store.list(root, page.getLast().key(), LIST_PAGE);
      }
    }
    return orphans;
  }

  /** Removes those that are still orphans. */
  public long remove(List<ObjectSummary> found) throws IOException {
    Set<String> named = named();
    long removed = 0;
    for (ObjectSummary orphan : found) {
      if (!named.contains(orphan.key()) && store.delete(orphan.key())) {
        removed++;
      }
    }
    return removed;
  }

  private Set<String> named() throws IOException {
    Set<String> named = new HashSet<>();
    BucketManifests manifests = new BucketManifests(store);
    for (BucketManifests.DayOf day : manifests.days(RecentChanges.of(store))) {
      add(day, manifests, named);
    }
    return named;
  }

  private static void add(BucketManifests.DayOf day, BucketManifests manifests, Set<String> named)
      throws IOException {
    BucketManifests.Stored read = manifests.read(day.tenant(), day.signal(), day.day());
    Manifest manifest = read.manifest();
    if (!read.damage().isEmpty()) {
      throw new IOException(
          BucketManifests.key(day.tenant(), day.signal(), day.day())
              + " is damaged ("
              + read.damage()
              + "): what it named cannot be told from orphans; start the server once, it mends"
              + " it");
    }
    if (manifest != null) {
      for (PartEntry part : manifest.parts()) {
        named.add(part.object());
      }
    }
  }
}
