// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.manifest.BucketKeys;
import io.skopos.storage.manifest.BucketManifests;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.manifest.PartsFound;
import io.skopos.storage.objects.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What there is of a day when its local manifest is lost: the local parts, and what the bucket's
 * manifest names. While the bucket does not answer, nothing is known for sure.
 */
public final class PartsInBothPlaces implements PartsFound {

  private final PartsFound local;
  private final BucketManifests bucket;

  public PartsInBothPlaces(PartsFound local, ObjectStore bucket) {
    this.local = local;
    this.bucket = new BucketManifests(bucket);
  }

  @Override
  public List<PartEntry> partsOf(TenantId tenant, Signal signal, UtcDay day) throws IOException {
    BucketManifests.Stored remote = bucket.read(tenant, signal, day);
    if (!remote.damage().isEmpty()) {
      throw new IOException(
          "the day's manifest in the bucket is damaged as well: " + remote.damage());
    }
    List<PartEntry> found = new ArrayList<>();
    Manifest known = remote.manifest();
    if (known != null) {
      known.parts().forEach(part -> found.add(BucketKeys.local(part)));
    }
    for (PartEntry part : local.partsOf(tenant, signal, day)) {
      if (found.stream().noneMatch(other -> BucketKeys.isSamePart(other, part))) {
        found.add(part);
      }
    }
    found.sort(Comparator.comparingLong(PartEntry::maxPosition));
    return found;
  }
}
