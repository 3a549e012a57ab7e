// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.bucket;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.AggregatedSamples;
import io.skopos.metrics.store.CardinalityReport;
import io.skopos.metrics.store.CardinalityRequest;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleMerge;
import io.skopos.metrics.store.SampleSource;
import io.skopos.metrics.store.TextOrder;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The store and a bucket of blocks as one. Of equal series and times the store's sample counts.
 * Exemplars, metadata and cardinality are the store's. Thread-safe.
 */
public final class UnitedSamples implements SampleSource {

  private final SampleSource store;
  private final BucketSamples blocks;

  public UnitedSamples(SampleSource store, BucketSamples blocks) {
    this.store = store;
    this.blocks = blocks;
  }

  static <T> List<T> first(SortedSet<T> all, int limit) {
    return limit > 0 ? all.stream().limit(limit).toList() : List.copyOf(all);
  }

  static List<String> firstTexts(Collection<String> texts, int limit) {
    List<String> sorted = new ArrayList<>(texts);
    sorted.sort(TextOrder.BYTES);
    return limit > 0 && sorted.size() > limit ? List.copyOf(sorted.subList(0, limit)) : sorted;
  }

  @Override
  public Selection select(
      TenantId tenant, List<Matcher> matchers, TimeRange range, QueryBudget budget) {
    if (!blocks.isConcerned(tenant, range)) {
      return store.select(tenant, matchers, range, budget);
    }
    Selection older = blocks.select(tenant, matchers, range, budget);
    boolean whole = false;
    try {
      Selection newer = store.select(tenant, matchers, range, budget);
      whole = true;
      return new United(older, newer);
    } finally {
      if (!whole) {
        older.close();
      }
    }
  }

  @Override
  public Selection select(
      TenantId tenant,
      List<Matcher> matchers,
      TimeRange range,
      Collection<String> names,
      QueryBudget budget) {
    return blocks.isConcerned(tenant, range)
        ? select(tenant, matchers, range, budget)
        : store.select(tenant, matchers, range, names, budget);
  }

  @Override
  public List<Labels> series(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    List<Labels> own = store.series(tenant, selectors, range, limit, budget);
    if (!blocks.isConcerned(tenant, range)) {
      return own;
    }
    TreeSet<Labels> all = new TreeSet<>(own);
    all.addAll(blocks.series(tenant, selectors, range, limit, budget));
    return first(all, limit);
  }

  @Override
  public List<String> labelNames(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    List<String> own = store.labelNames(tenant, selectors, range, limit, budget);
    if (!blocks.isConcerned(tenant, range)) {
      return own;
    }
    Set<String> all = new HashSet<>(own);
    all.addAll(blocks.labelNames(tenant, selectors, range, limit, budget));
    return firstTexts(all, limit);
  }

  @Override
  public List<String> labelValues(
      TenantId tenant,
      String name,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    List<String> own = store.labelValues(tenant, name, selectors, range, limit, budget);
    if (!blocks.isConcerned(tenant, range)) {
      return own;
    }
    Set<String> all = new HashSet<>(own);
    all.addAll(blocks.labelValues(tenant, name, selectors, range, limit, budget));
    return firstTexts(all, limit);
  }

  @Override
  public List<SeriesExemplars> exemplars(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return store.exemplars(tenant, selectors, range, limit, budget);
  }

  @Override
  public Map<String, List<MetricMetadata>> metadata(
      TenantId tenant, String metric, int limit, int limitPerMetric) {
    return store.metadata(tenant, metric, limit, limitPerMetric);
  }

  @Override
  public Cardinality cardinality(TenantId tenant, int limit) {
    return store.cardinality(tenant, limit);
  }

  @Override
  public CardinalityReport cardinality(
      TenantId tenant, CardinalityRequest request, QueryBudget budget) {
    return store.cardinality(tenant, request, budget);
  }

  @Override
  public CardinalityReport cardinalityByTenant(
      @Nullable Set<TenantId> among, CardinalityRequest request, QueryBudget budget) {
    return store.cardinalityByTenant(among, request, budget);
  }

  /** Two selections, merged by labels. */
  private static final class United implements Selection {

    private static final int NONE = -1;

    private final Selection older;
    private final Selection newer;
    private final IntArrayList inOlder = new IntArrayList();
    private final IntArrayList inNewer = new IntArrayList();
    private final SampleBuffer later = new SampleBuffer(16);

    United(Selection older, Selection newer) {
      this.older = older;
      this.newer = newer;
      int left = 0;
      int right = 0;
      while (left < older.size() || right < newer.size()) {
        int order =
            left == older.size()
                ? 1
                : right == newer.size() ? -1 : older.labels(left).compareTo(newer.labels(right));
        inOlder.add(order <= 0 ? left++ : NONE);
        inNewer.add(order >= 0 ? right++ : NONE);
      }
    }

    @Override
    public int size() {
      return inOlder.size();
    }

    @Override
    public Labels labels(int index) {
      int own = inNewer.getInt(index);
      return own == NONE ? older.labels(inOlder.getInt(index)) : newer.labels(own);
    }

    @Override
    public void read(int index, long fromMs, long toMs, SampleBuffer into) {
      int base = into.size;
      int first = inOlder.getInt(index);
      int second = inNewer.getInt(index);
      if (first == NONE) {
        newer.read(second, fromMs, toMs, into);
        return;
      }
      older.read(first, fromMs, toMs, into);
      if (second != NONE) {
        later.clear();
        newer.read(second, fromMs, toMs, later);
        SampleMerge.into(into, base, later);
      }
    }

    @Override
    public void readTimes(int index, long fromMs, long toMs, SampleBuffer into) {
      if (inOlder.getInt(index) == NONE) {
        newer.readTimes(inNewer.getInt(index), fromMs, toMs, into);
      } else {
        read(index, fromMs, toMs, into);
      }
    }

    @Override
    public boolean readAggregated(
        int index, long fromMs, long toMs, AggregatesTest fits, AggregatedSamples into) {
      return inOlder.getInt(index) == NONE
          && newer.readAggregated(inNewer.getInt(index), fromMs, toMs, fits, into);
    }

    @Override
    public List<String> warnings() {
      Set<String> all = new LinkedHashSet<>(newer.warnings());
      all.addAll(older.warnings());
      return List.copyOf(all);
    }

    @Override
    public void close() {
      try {
        older.close();
      } finally {
        newer.close();
      }
    }
  }
}
