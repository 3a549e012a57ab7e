// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.select;

import io.skopos.engine.QueryBudget;
import io.skopos.logs.store.LogSelection;
import io.skopos.logs.store.LogSource.RunVisitor;
import io.skopos.logs.store.LogSource.VolumeVisitor;
import io.skopos.logs.store.head.Heads;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.part.Parts;
import io.skopos.storage.retention.HiddenRows;
import java.util.Collection;
import java.util.List;

/** Answers questions about log entries from heads and parts. Thread-safe. */
public final class Selections {

  private final Heads heads;
  private final Manifests manifests;
  private final Parts parts;
  private volatile HiddenRows hidden = HiddenRows.NONE;

  public Selections(Heads heads, Manifests manifests, Parts parts) {
    this.heads = heads;
    this.manifests = manifests;
    this.parts = parts;
  }

  /** From now on answers leave out these rows. */
  public void hide(HiddenRows rows) {
    hidden = rows;
  }

  public List<String> scan(LogSelection selection, QueryBudget budget, RunVisitor visitor) {
    try (Snapshot snapshot = snapshot(selection.tenant(), selection.fromNs(), selection.toNs())) {
      new LogScan(snapshot, selection, budget, visitor).run();
      return snapshot.warnings();
    }
  }

  public Collection<Labels> streams(
      TenantId tenant, List<Matcher> matchers, long fromNs, long toNs, QueryBudget budget) {
    FoundStreams found = new FoundStreams(budget);
    try (Snapshot snapshot = snapshot(tenant, fromNs, toNs)) {
      new RunSurvey(snapshot, matchers, fromNs, toNs, found).forEach((_, _, _, _, _, _) -> {});
    }
    return found.all();
  }

  public List<String> volumes(
      TenantId tenant,
      List<Matcher> matchers,
      long fromNs,
      long toNs,
      QueryBudget budget,
      VolumeVisitor visitor) {
    FoundStreams found = new FoundStreams(budget);
    try (Snapshot snapshot = snapshot(tenant, fromNs, toNs)) {
      new RunSurvey(snapshot, matchers, fromNs, toNs, found)
          .forEach((stream, min, max, entries, bytes, chunks) -> {
            double share = share(min, max, fromNs, toNs);
            visitor.visit(
                found.labels(stream),
                Math.max(min, fromNs),
                Math.min(max, toNs),
                Math.round(entries * share),
                Math.round(bytes * share),
                chunks);
          });
      return snapshot.warnings();
    }
  }

  /** How much of the time from {@code min} to {@code max} lies within both others. */
  private static double share(long min, long max, long fromNs, long toNs) {
    if (min >= fromNs && max <= toNs) {
      return 1;
    }
    double whole = (double) max - min + 1;
    return ((double) Math.min(max, toNs) - Math.max(min, fromNs) + 1) / whole;
  }

  private Snapshot snapshot(TenantId tenant, long fromNs, long toNs) {
    return new Snapshot(
        tenant, fromNs, toNs, heads, manifests, parts, hidden.of(tenant, Signal.LOGS));
  }
}
