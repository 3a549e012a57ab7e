// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.skopos.storage.manifest.BucketKeys;
import io.skopos.storage.manifest.BucketManifests;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.publish.Publications;
import io.skopos.storage.publish.TenantDay;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the bucket knows of a day, what it should know, and what has to be uploaded first. The local
 * manifest is right; but for a part that the bucket names and the local manifest has here: that one
 * was uploaded before a crash.
 */
final class DayPlan {

  private final TenantDay day;
  private final Manifest local;
  private final BucketManifests.Stored remote;

  /** Local parts and their copies, as local manifests name them. */
  private final Map<PartEntry, PartEntry> copies = new HashMap<>();

  private final List<PartEntry> mustUpload = new ArrayList<>();

  DayPlan(TenantDay day, Manifest local, BucketManifests.Stored remote) {
    this.day = day;
    this.local = local;
    this.remote = remote;
    List<PartEntry> gone = new ArrayList<>();
    Manifest known = remote.manifest();
    if (known != null) {
      for (PartEntry part : known.parts()) {
        if (!local.parts().contains(BucketKeys.local(part))) {
          PartEntry twin = twinOf(part);
          if (twin == null) {
            gone.add(part);
          } else {
            copies.put(twin, BucketKeys.local(part));
          }
        }
      }
    }
    for (PartEntry part : localParts(local)) {
      if (!copies.containsKey(part) && gone.stream().anyMatch(other -> overlaps(part, other))) {
        mustUpload.add(part);
      }
    }
  }

  static List<PartEntry> localParts(Manifest manifest) {
    return manifest.parts().stream().filter(part -> !BucketKeys.isInBucket(part.object())).toList();
  }

  private @Nullable PartEntry twinOf(PartEntry inBucket) {
    for (PartEntry part : localParts(local)) {
      if (BucketKeys.isSamePart(part, inBucket) && !copies.containsKey(part)) {
        return part;
      }
    }
    return null;
  }

  /** Rows of the one may have gone into the other by a merge. */
  private static boolean overlaps(PartEntry one, PartEntry other) {
    return one.minPosition() <= other.maxPosition() && other.minPosition() <= one.maxPosition();
  }

  TenantDay day() {
    return day;
  }

  BucketManifests.Stored remote() {
    return remote;
  }

  /** Local parts with rows that the bucket is about to lose otherwise. */
  List<PartEntry> mustUpload() {
    return mustUpload;
  }

  Map<PartEntry, PartEntry> copies() {
    return copies;
  }

  boolean isKnownLocally(PartEntry part) {
    return local.parts().contains(part);
  }

  void uploaded(PartEntry part, PartEntry copy) {
    copies.put(part, copy);
  }

  /** Whether nothing of the day is left, here and in the bucket. */
  boolean isOver() {
    return local.parts().isEmpty();
  }

  /** What the bucket's manifest should be; null for none. */
  @Nullable Manifest next() {
    List<PartEntry> parts = new ArrayList<>();
    for (PartEntry part : local.parts()) {
      PartEntry place = copies.getOrDefault(part, part);
      if (BucketKeys.isInBucket(place.object())) {
        parts.add(BucketKeys.inBucket(place));
      }
    }
    if (parts.isEmpty()) {
      return null;
    }
    parts.sort(Comparator.comparingLong(PartEntry::maxPosition));
    List<DeletionEntry> deletions = Publications.needed(local.deletions(), parts);
    long[] covered = new long[local.covered().length];
    Arrays.fill(covered, -1);
    return new Manifest(day.tenant(), day.signal(), day.day(), 0, 0, covered, parts, deletions);
  }

  /** Whether the bucket has to be told. */
  boolean differs(@Nullable Manifest next) {
    Manifest known = remote.manifest();
    if (!remote.damage().isEmpty()) {
      return true;
    }
    return known == null || next == null
        ? (known == null) != (next == null)
        : !known.parts().equals(next.parts()) || !known.deletions().equals(next.deletions());
  }
}
