// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.objects.VersionConflict;
import io.skopos.storage.objects.VersionedObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The manifests in a bucket: what of a day lies there, under the same keys and in the same format
 * as those of a data directory, under the bucket's own keys. Nothing is kept in memory.
 * Thread-safe.
 */
public final class BucketManifests {

  private static final int PAGE = 1_000;

  private final ObjectStore bucket;

  public BucketManifests(ObjectStore bucket) {
    this.bucket = bucket;
  }

  /**
   * A manifest as it was read.
   *
   * @param manifest null when there is none, or a damaged one
   * @param version empty when there is none
   * @param damage what is wrong with it; empty when nothing is
   */
  public record Stored(@Nullable Manifest manifest, String version, String damage) {
    static final Stored NONE = new Stored(null, "", "");
  }

  /** What a key of the bucket is about. */
  public record DayOf(TenantId tenant, Signal signal, UtcDay day) {}

  public static String key(TenantId tenant, Signal signal, UtcDay day) {
    return ManifestObjects.key(tenant, signal, day);
  }

  /** Null for a key no manifest has. */
  public static @Nullable DayOf dayOf(String key) {
    if (!key.startsWith(ManifestObjects.ROOT)) {
      return null;
    }
    DayKeys.Parsed parsed = DayKeys.parse(key.substring(ManifestObjects.ROOT.length()));
    return parsed == null ? null : new DayOf(parsed.tenant(), parsed.signal(), parsed.day());
  }

  /** The day in whose folder a part of its own object lies; null for any other key. */
  public static @Nullable DayOf dayOfPart(String key) {
    String folder = PartKeys.folderOf(key);
    return folder == null
        ? null
        : dayOf(
            ManifestObjects.ROOT + folder.substring(PartKeys.ROOT.length(), folder.length() - 1));
  }

  public Stored read(TenantId tenant, Signal signal, UtcDay day) throws IOException {
    VersionedObject present =
        bucket.get(ManifestObjects.key(tenant, signal, day), ManifestObjects.MAX_BYTES);
    if (present == null) {
      return Stored.NONE;
    }
    try {
      Manifest manifest = ManifestFormat.decode(present.bytes(), tenant, signal, day);
      return new Stored(manifest, present.version(), "");
    } catch (DamagedBytes e) {
      return new Stored(null, present.version(), String.valueOf(e.getMessage()));
    }
  }

  /**
   * Puts {@code next} (null: nothing) in the place of what was read.
   *
   * @throws FormerOwner when an owner of a later epoch has written the day
   * @throws VersionConflict when somebody changed it since it was read
   */
  public void write(String key, Stored read, @Nullable Manifest next, long epoch)
      throws IOException {
    Manifest before = read.manifest();
    if (before != null && before.epoch() > epoch) {
      throw new FormerOwner(
          "manifest "
              + key
              + " of the bucket was written by an owner of epoch "
              + before.epoch()
              + ", this process is of epoch "
              + epoch
              + ": another server has taken the bucket over");
    }
    if (next == null) {
      if (!read.version().isEmpty()) {
        bucket.delete(key, read.version());
      }
      return;
    }
    byte[] bytes =
        ManifestFormat.encode(
            new Manifest(
                next.tenant(),
                next.signal(),
                next.day(),
                epoch,
                before == null ? 1 : before.version() + 1,
                next.covered(),
                next.parts(),
                next.deletions()));
    if (read.version().isEmpty()) {
      String _ = bucket.putIfAbsent(key, bytes);
    } else {
      String _ = bucket.replace(key, read.version(), bytes);
    }
  }

  /**
   * The days that have a manifest in the bucket, and those that may have one: a listing may be
   * older than what the ledger tells.
   *
   * @param changed keys of manifests, of the latest changes
   */
  public Set<DayOf> days(Collection<String> changed) throws IOException {
    Set<DayOf> days = new LinkedHashSet<>(days());
    for (String key : changed) {
      DayOf day = dayOf(key);
      if (day != null) {
        days.add(day);
      }
    }
    return days;
  }

  /** The days that have a manifest in the bucket, by key. */
  public List<DayOf> days() throws IOException {
    List<DayOf> days = new ArrayList<>();
    List<ObjectSummary> page = bucket.list(ManifestObjects.ROOT, "", PAGE);
    while (!page.isEmpty()) {
      for (ObjectSummary object : page) {
        DayOf day = dayOf(object.key());
        if (day != null) {
          days.add(day);
        }
      }
      page = bucket.list(ManifestObjects.ROOT, page.getLast().key(), PAGE);
    }
    return days;
  }
}
