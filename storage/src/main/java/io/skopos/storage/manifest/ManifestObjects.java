// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.VersionConflict;
import io.skopos.storage.objects.VersionedObject;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes manifests one by one. A damaged one is copied to {@value #ASIDE} and replaced by
 * what the day's parts say: all their rows are there again, rows in the log are replayed onto them
 * (which repeats nothing, since equal rows are one row), only the day's deletions are lost.
 */
final class ManifestObjects {

  static final String ROOT = "manifests/";
  static final String ASIDE = "damaged/";

  /** Some hundred thousand parts; larger ones are taken for damaged. */
  static final int MAX_BYTES = 16 << 20;

  private static final int RECOVERY_ATTEMPTS = 10;

  private final ObjectStore objects;
  private final PartsFound partsFound;
  private final DamagedFiles damagedFiles;
  private final InstantSource clock;
  private final long epoch;
  private final int shardCount;

  ManifestObjects(
      ObjectStore objects,
      PartsFound partsFound,
      DamagedFiles damagedFiles,
      InstantSource clock,
      long epoch,
      int shardCount) {
    this.objects = objects;
    this.partsFound = partsFound;
    this.damagedFiles = damagedFiles;
    this.clock = clock;
    this.epoch = epoch;
    this.shardCount = shardCount;
  }

  /**
   * A manifest and the object's version.
   *
   * @param manifest null when there is none; then {@code version} is empty
   */
  record Stored(@Nullable Manifest manifest, String version) {
    static final Stored NONE = new Stored(null, "");
  }

  static String key(TenantId tenant, Signal signal, UtcDay day) {
    return ROOT + DayKeys.of(tenant, signal, day);
  }

  Stored read(TenantId tenant, Signal signal, UtcDay day) throws IOException {
    String key = key(tenant, signal, day);
    for (int attempt = 1; attempt <= RECOVERY_ATTEMPTS; attempt++) {
      VersionedObject present = objects.get(key, MAX_BYTES);
      if (present == null) {
        return Stored.NONE;
      }
      try {
        Manifest manifest = ManifestFormat.decode(present.bytes(), tenant, signal, day);
        if (manifest.covered().length != shardCount) {
          throw new DamagedBytes(
              "it is about " + manifest.covered().length + " shards, the data has " + shardCount);
        }
        return new Stored(manifest, present.version());
      } catch (DamagedBytes e) {
        recover(key, present, tenant, signal, day, e);
      }
    }
    throw new IOException(
        "manifest " + key + " was still damaged after " + RECOVERY_ATTEMPTS + " recoveries");
  }

  /**
   * @param next null to remove it
   * @throws VersionConflict when somebody else changed it since it was read
   */
  void write(String key, Stored read, @Nullable Manifest next) throws IOException {
    if (next == null) {
      if (read.manifest != null) {
        objects.delete(key, read.version);
      }
    } else if (read.manifest == null) {
      objects.putIfAbsent(key, ManifestFormat.encode(next));
    } else {
      objects.replace(key, read.version, ManifestFormat.encode(next));
    }
  }

  private void recover(
      String key,
      VersionedObject damaged,
      TenantId tenant,
      Signal signal,
      UtcDay day,
      DamagedBytes damage)
      throws IOException {
    String aside = ASIDE + key + "." + clock.millis();
    objects.put(aside, damaged.bytes());
    List<PartEntry> parts = partsFound.partsOf(tenant, signal, day);
    try {
      if (parts.isEmpty()) {
        objects.delete(key, damaged.version());
      } else {
        long[] covered = new long[shardCount];
        Arrays.fill(covered, -1);
        Manifest found = new Manifest(tenant, signal, day, epoch, 1, covered, parts, List.of());
        objects.replace(key, damaged.version(), ManifestFormat.encode(found));
      }
    } catch (VersionConflict e) {
      return; // Somebody else was faster; it is read again either way.
    }
    damagedFiles.report(
        DamagedFile.Kind.MANIFEST,
        key,
        damage.getMessage()
            + "; kept aside as "
            + aside
            + "; replaced by one of the "
            + parts.size()
            + " parts found, without the day's deletions",
        new TimeRange(day.startMs(), day.endMs()),
        damaged.bytes().length);
  }
}
