// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.publish;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.Deletion;
import io.skopos.storage.manifest.DeletionEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Deletions that stand in the kept part of the log: rows they hide may still be in a head or in a
 * part being written. Whatever is published meanwhile gets them into its manifest. Thread-safe.
 */
public final class PendingDeletions {

  private final List<Pending> pending = new ArrayList<>();

  /**
   * @param position of the deletion's first frame: rows before it are hidden
   * @param shard of that frame
   */
  public record Pending(
      TenantId tenant, Signal signal, Deletion deletion, int shard, long position) {

    DeletionEntry entry() {
      return new DeletionEntry(position, deletion);
    }
  }

  /** Before the deletion reaches any head. */
  public synchronized void add(Pending deletion) {
    pending.add(deletion);
  }

  synchronized List<DeletionEntry> of(TenantId tenant, Signal signal, UtcDay day) {
    List<DeletionEntry> entries = new ArrayList<>();
    for (Pending each : pending) {
      if (each.signal() == signal
          && each.tenant().equals(tenant)
          && each.deletion().range().overlaps(day.startMs(), day.endMs())) {
        entries.add(each.entry());
      }
    }
    return entries;
  }

  public synchronized List<Pending> all() {
    return List.copyOf(pending);
  }

  /** Those before the cut. */
  public synchronized List<Pending> before(long[] cut) {
    return pending.stream().filter(each -> each.position() <= cut[each.shard()]).toList();
  }

  /** All rows they hide are in parts whose manifests have them. */
  public synchronized void forget(Collection<Pending> settled) {
    pending.removeAll(settled);
  }
}
