// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.inspect;

import io.skopos.storage.manifest.BucketKeys;
import io.skopos.storage.manifest.BucketManifests;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.objects.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Counts what the manifests of a store name. */
public final class StoreInventory {

  private StoreInventory() {}

  /** By tenant, signal and day. */
  public static List<DayInventory> of(ObjectStore store) throws IOException {
    BucketManifests manifests = new BucketManifests(store);
    List<DayInventory> days = new ArrayList<>();
    for (BucketManifests.DayOf day : manifests.days()) {
      BucketManifests.Stored stored = manifests.read(day.tenant(), day.signal(), day.day());
      Manifest manifest = stored.manifest();
      long rows = 0;
      long bytes = 0;
      long elsewhere = 0;
      List<PartEntry> parts = manifest == null ? List.of() : manifest.parts();
      for (PartEntry part : parts) {
        rows += part.rows();
        bytes += part.length();
        elsewhere += BucketKeys.isInBucket(part.object()) ? 1 : 0;
      }
      days.add(
          new DayInventory(
              day.tenant(),
              day.signal(),
              day.day(),
              parts.size(),
              rows,
              bytes,
              elsewhere,
              manifest == null ? 0 : manifest.deletions().size(),
              stored.damage()));
    }
    return days;
  }
}
