// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.metrics.store.head.DayHead;
import io.skopos.metrics.store.head.Heads;
import io.skopos.metrics.store.part.MetricsPart;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
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
import java.util.stream.Collectors;

/**
 * The heads and parts that hold a tenant's rows of a range, pinned until closed. Heads are taken
 * before manifests: a flush publishes first and drops its heads then, so a row may be seen twice
 * (which merging undoes) but never missed. Not thread-safe.
 */
final class Snapshot implements AutoCloseable {

  /** A part with the deletions that hide some of its rows. */
  record OpenPart(UtcDay day, PartEntry entry, MetricsPart part, List<DeletionEntry> deletions) {}

  private final List<DayHead> heads;
  private final Manifests.Lease lease;
  private final List<OpenPart> parts = new ArrayList<>();
  private final Set<String> warnings = new LinkedHashSet<>();
  private final List<Deletion> hidden;
  private boolean closed;

  /**
   * @param hidden what answers leave out, of heads and parts alike
   */
  Snapshot(
      TenantId tenant,
      TimeRange range,
      Heads allHeads,
      Manifests manifests,
      Parts allParts,
      List<Deletion> hidden) {
    this.hidden = hidden;
    heads = allHeads.retain(tenant, range);
    lease = manifests.lease();
    boolean whole = false;
    try {
      List<Manifest> days =
          manifests.overlapping(tenant, Signal.METRICS, range.fromMs(), range.toMs());
      for (Manifest manifest : days) {
        for (PartEntry entry : manifest.parts()) {
          if (range.overlaps(entry.minTimeMs(), entry.maxTimeMs())) {
            allParts.prefetch(entry);
          }
        }
      }
      for (Manifest manifest : days) {
        open(manifest, range, allParts);
      }
      whole = true;
    } finally {
      if (!whole) {
        close();
      }
    }
  }

  private void open(Manifest manifest, TimeRange range, Parts allParts) {
    for (PartEntry entry : manifest.parts()) {
      if (!range.overlaps(entry.minTimeMs(), entry.maxTimeMs())) {
        continue;
      }
      List<DeletionEntry> deletions =
          manifest.deletions().stream()
              .filter(one -> one.position() > entry.maxPosition())
              .filter(one -> one.deletion().range().overlaps(entry.minTimeMs(), entry.maxTimeMs()))
              .collect(Collectors.toCollection(ArrayList::new));
      for (Deletion deletion : hidden) {
        if (deletion.range().overlaps(entry.minTimeMs(), entry.maxTimeMs())) {
          deletions.add(new DeletionEntry(Long.MAX_VALUE, deletion));
        }
      }
      try {
        MetricsPart part =
            allParts.opened(
                manifest.tenant(), Signal.METRICS, manifest.day(), entry, MetricsPart::open);
        parts.add(new OpenPart(manifest.day(), entry, part, deletions));
      } catch (IOException e) {
        warn(manifest.day(), e);
      }
    }
  }

  /** The answer goes on without what could not be read, and says so. */
  void warn(UtcDay day, IOException e) {
    warnings.add("some samples of " + day + " could not be read: " + e.getMessage());
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** What answers leave out of heads; that of parts is among their deletions. */
  List<Deletion> hidden() {
    return hidden;
  }

  List<DayHead> heads() {
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
      heads.forEach(DayHead::release);
      lease.close();
    }
  }
}
