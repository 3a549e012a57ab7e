// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import io.skopos.engine.QueryBudget;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import java.util.List;
import java.util.Map;

/** Another source, for tests that change one of its answers; it takes no shortcut of the other. */
public class ForwardingSamples implements SampleSource {

  private final SampleSource source;

  protected ForwardingSamples(SampleSource source) {
    this.source = source;
  }

  @Override
  public Selection select(
      TenantId tenant, List<Matcher> matchers, TimeRange range, QueryBudget budget) {
    return source.select(tenant, matchers, range, budget);
  }

  @Override
  public List<Labels> series(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return source.series(tenant, selectors, range, limit, budget);
  }

  @Override
  public List<String> labelNames(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return source.labelNames(tenant, selectors, range, limit, budget);
  }

  @Override
  public List<String> labelValues(
      TenantId tenant,
      String name,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return source.labelValues(tenant, name, selectors, range, limit, budget);
  }

  @Override
  public List<SeriesExemplars> exemplars(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return source.exemplars(tenant, selectors, range, limit, budget);
  }

  @Override
  public Map<String, List<MetricMetadata>> metadata(
      TenantId tenant, String metric, int limit, int limitPerMetric) {
    return source.metadata(tenant, metric, limit, limitPerMetric);
  }

  @Override
  public Cardinality cardinality(TenantId tenant, int limit) {
    return source.cardinality(tenant, limit);
  }
}
