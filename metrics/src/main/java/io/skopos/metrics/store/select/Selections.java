// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.CardinalityReport;
import io.skopos.metrics.store.CardinalityRequest;
import io.skopos.metrics.store.SampleSource;
import io.skopos.metrics.store.head.Heads;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.part.Parts;
import io.skopos.storage.retention.HiddenRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Answers questions about samples and labels from heads and parts. Thread-safe. */
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

  public SampleSource.Selection select(
      TenantId tenant,
      List<Matcher> matchers,
      TimeRange range,
      @Nullable Collection<String> names,
      QueryBudget budget) {
    return new StoreSelection(snapshot(tenant, range), matchers, range, names, budget);
  }

  public List<Labels> series(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    if (selectors.size() <= 1) {
      List<Matcher> matchers = selectors.isEmpty() ? List.of() : selectors.getFirst();
      return firstSeries(tenant, matchers, range, limit, budget);
    }
    TreeSet<Labels> found = new TreeSet<>();
    for (List<Matcher> matchers : selectors) {
      found.addAll(firstSeries(tenant, matchers, range, limit, budget));
    }
    return limit > 0 ? found.stream().limit(limit).toList() : List.copyOf(found);
  }

  /** A selection is sorted already. */
  private List<Labels> firstSeries(
      TenantId tenant, List<Matcher> matchers, TimeRange range, int limit, QueryBudget budget) {
    try (SampleSource.Selection selection = select(tenant, matchers, range, null, budget)) {
      int count = limit > 0 ? Math.min(limit, selection.size()) : selection.size();
      List<Labels> series = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        series.add(selection.labels(i));
      }
      budget.warn(selection.warnings());
      return series;
    }
  }

  public List<String> labelNames(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    try (Snapshot snapshot = snapshot(tenant, range)) {
      List<String> texts = new LabelQuery(snapshot, selectors, range, budget).names(limit);
      budget.warn(snapshot.warnings());
      return texts;
    }
  }

  public List<String> labelValues(
      TenantId tenant,
      String name,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    try (Snapshot snapshot = snapshot(tenant, range)) {
      List<String> texts = new LabelQuery(snapshot, selectors, range, budget).values(name, limit);
      budget.warn(snapshot.warnings());
      return texts;
    }
  }

  public List<SampleSource.SeriesExemplars> exemplars(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    try (Snapshot snapshot = snapshot(tenant, range)) {
      return new ExemplarQuery(snapshot, selectors, range, budget).answer(limit);
    }
  }

  public SampleSource.Cardinality cardinality(TenantId tenant, int limit) {
    try (Snapshot snapshot = snapshot(tenant, TimeRange.ALL)) {
      return new CardinalityCount(snapshot).answer(limit);
    }
  }

  public CardinalityReport cardinality(
      TenantId tenant, CardinalityRequest request, QueryBudget budget) {
    try (Snapshot snapshot = snapshot(tenant, request.range())) {
      return new CardinalityByGroup(snapshot, request, budget).answer();
    }
  }

  /**
   * @param among tenants; null for all
   */
  public CardinalityReport cardinalityByTenant(
      @Nullable Set<TenantId> among, CardinalityRequest request, QueryBudget budget) {
    TreeSet<TenantId> tenants = new TreeSet<>(heads.tenants());
    tenants.addAll(manifests.tenants(Signal.METRICS));
    if (among != null) {
      tenants.retainAll(among);
    }
    return new CardinalityByTenant(heads, manifests, tenant -> snapshot(tenant, request.range()))
        .answer(tenants, request, budget);
  }

  private Snapshot snapshot(TenantId tenant, TimeRange range) {
    return new Snapshot(tenant, range, heads, manifests, parts, hidden.of(tenant, Signal.METRICS));
  }
}
