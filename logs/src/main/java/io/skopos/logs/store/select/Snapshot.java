// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.select;

import io.skopos.logs.store.NanoTimes;
import io.skopos.logs.store.head.DayHead;
import io.skopos.logs.store.head.Heads;
import io.skopos.logs.store.part.HiddenTimes;
import io.skopos.logs.store.part.LogPart;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.Deletion;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.part.Parts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heads and parts that hold a tenant's rows of a range, as they are now, pinned until closed.
 * Heads are taken before manifests: a flush publishes first and drops its heads then, so a row may
 * be seen twice (which merging undoes) but never missed. Not thread-safe.
 */
final class Snapshot implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);

  /** A head, how many frames of it count, and what is hidden of them. */
  @SuppressWarnings("ArrayRecordComponent")
  record SeenHead(DayHead head, long frames, DayHead.Hidden[] hidden) {}

  /** A part and what is hidden of it. */
  record OpenPart(UtcDay day, LogPart part, HiddenTimes hidden) {}

  private final List<SeenHead> heads = new ArrayList<>();
  private final Manifests.Lease lease;
  private final List<OpenPart> parts = new ArrayList<>();
  private final Set<String> warnings = new LinkedHashSet<>();
  private boolean closed;

  /**
   * @param hidden what answers leave out beside what deletions hide
   */
  Snapshot(
      TenantId tenant,
      long fromNs,
      long toNs,
      Heads allHeads,
      Manifests manifests,
      Parts allParts,
      List<Deletion> hidden) {
    for (DayHead head : allHeads.retain(tenant, fromNs, toNs)) {
      heads.add(new SeenHead(head, head.sequence(), head.hidden(hidden)));
    }
    lease = manifests.lease();
    boolean whole = false;
    try {
      long fromMs = NanoTimes.toMs(fromNs);
      long toMs = NanoTimes.toMs(toNs);
      List<Manifest> days = manifests.overlapping(tenant, Signal.LOGS, fromMs, toMs);
      for (Manifest manifest : days) {
        for (PartEntry entry : manifest.parts()) {
          if (entry.minTimeMs() <= toMs && entry.maxTimeMs() >= fromMs) {
            allParts.prefetch(entry);
          }
        }
      }
      for (Manifest manifest : days) {
        for (PartEntry entry : manifest.parts()) {
          if (entry.minTimeMs() <= toMs && entry.maxTimeMs() >= fromMs) {
            open(manifest, entry, allParts, hidden);
          }
        }
      }
      whole = true;
    } finally {
      if (!whole) {
        close();
      }
    }
  }

  private void open(Manifest manifest, PartEntry entry, Parts allParts, List<Deletion> hidden) {
    try {
      LogPart part =
          allParts.opened(manifest.tenant(), Signal.LOGS, manifest.day(), entry, LogPart::open);
      List<DeletionEntry> deletions = new ArrayList<>(manifest.deletions());
      hidden.forEach(deletion -> deletions.add(new DeletionEntry(Long.MAX_VALUE, deletion)));
      parts.add(new OpenPart(manifest.day(), part, HiddenTimes.of(part, deletions)));
    } catch (IOException e) {
      warn(manifest.day(), e);
    }
  }

  /** The answer goes on without what could not be read, and says so. */
  void warn(UtcDay day, IOException e) {
    if (warnings.add("some log entries of " + day + " could not be read: " + e.getMessage())) {
      LOG.warn("log entries of {} are left out of an answer: {}", day, e.getMessage());
    }
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  List<SeenHead> heads() {
    return heads;
  }

  /** By ascending day, then position. */
  List<OpenPart> parts() {
    return parts;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      heads.forEach(seen -> seen.head().release());
      lease.close();
    }
  }
}
