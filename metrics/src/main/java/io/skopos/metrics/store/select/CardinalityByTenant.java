// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.CardinalityReport;
import io.skopos.metrics.store.CardinalityReport.Group;
import io.skopos.metrics.store.CardinalityRequest;
import io.skopos.metrics.store.head.DayHead;
import io.skopos.metrics.store.head.Heads;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.Manifests;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counts the series of tenants, one after the other, so that never more than one tenant's parts are
 * pinned. All are counted on the same day, or a tenant that stopped sending a week ago would stand
 * beside those of today as if it still had its series.
 */
final class CardinalityByTenant {

  private final Heads heads;
  private final Manifests manifests;
  private final Function<TenantId, Snapshot> snapshots;

  CardinalityByTenant(Heads heads, Manifests manifests, Function<TenantId, Snapshot> snapshots) {
    this.heads = heads;
    this.manifests = manifests;
    this.snapshots = snapshots;
  }

  CardinalityReport answer(Set<TenantId> tenants, CardinalityRequest request, QueryBudget budget) {
    UtcDay day = latest(tenants, request.range(), budget);
    if (day == null) {
      return CardinalityReport.EMPTY;
    }
    List<Group> groups = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (TenantId tenant : tenants) {
      budget.checkRunning();
      CardinalityReport report;
      try (Snapshot snapshot = snapshots.apply(tenant)) {
        report = new CardinalityByGroup(snapshot, request, budget).answer(day);
      }
      report.warnings().forEach(warning -> warnings.add(tenant.value() + ": " + warning));
      Group all = report.total();
      if (all.series() > 0 || all.seriesDayBefore() > 0 || all.diskBytes() > 0) {
        budget.addBytes(2L * tenant.value().length() + 160);
        groups.add(named(tenant.value(), all));
      }
    }
    groups.sort(CardinalityReport.order());
    int limit = request.limit() == 0 ? groups.size() : Math.min(request.limit(), groups.size());
    return new CardinalityReport(
        day.toString(), total(groups), groups.size(), groups.subList(0, limit), warnings);
  }

  private @Nullable UtcDay latest(Set<TenantId> tenants, TimeRange range, QueryBudget budget) {
    UtcDay latest = null;
    for (TenantId tenant : tenants) {
      budget.checkRunning();
      List<DayHead> retained = heads.retain(tenant, range);
      try {
        for (DayHead head : retained) {
          latest = head.seriesCount() > 0 ? later(latest, head.day()) : latest;
        }
      } finally {
        retained.forEach(DayHead::release);
      }
      for (Manifest manifest :
          manifests.overlapping(tenant, Signal.METRICS, range.fromMs(), range.toMs())) {
        if (manifest.parts().stream()
            .anyMatch(part -> range.overlaps(part.minTimeMs(), part.maxTimeMs()))) {
          latest = later(latest, manifest.day());
        }
      }
    }
    return latest;
  }

  private static UtcDay later(@Nullable UtcDay one, UtcDay other) {
    return one == null || other.compareTo(one) > 0 ? other : one;
  }

  private static Group named(String tenant, Group all) {
    return new Group(
        tenant,
        "",
        0,
        all.series(),
        all.seriesDayBefore(),
        all.diskBytes(),
        all.memoryBytes(),
        all.samplesPerSecond());
  }

  /** Tenants share no series, so that their sums are exact. */
  private static Group total(List<Group> groups) {
    long series = 0;
    long dayBefore = 0;
    long diskBytes = 0;
    long memoryBytes = 0;
    double samplesPerSecond = 0;
    for (Group group : groups) {
      series += group.series();
      dayBefore += group.seriesDayBefore();
      diskBytes += group.diskBytes();
      memoryBytes += group.memoryBytes();
      samplesPerSecond += group.samplesPerSecond();
    }
    return new Group("", "", 0, series, dayBefore, diskBytes, memoryBytes, samplesPerSecond);
  }
}
