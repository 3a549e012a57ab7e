// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import java.util.List;

/**
 * The published state of one tenant's day of one signal; immutable.
 *
 * @param epoch of the owner who wrote it; a swap with a lesser epoch fails
 * @param version ascends by one with each swap
 * @param covered per shard, the position up to which the day's rows are in {@code parts}; -1 for
 *     none
 * @param parts by ascending maxPosition
 */
public record Manifest(
    TenantId tenant,
    Signal signal,
    UtcDay day,
    long epoch,
    long version,
    long[] covered,
    List<PartEntry> parts,
    List<DeletionEntry> deletions) {

  public Manifest {
    parts = List.copyOf(parts);
    deletions = List.copyOf(deletions);
  }
}
