// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.language.conformance.InMemorySamples;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** One series whose samples never end, until its reader is stopped. */
final class EndlessSeries implements SampleSource {

  final InMemorySamples empty = new InMemorySamples();
  final CountDownLatch reading = new CountDownLatch(1);
  final BlockingQueue<RuntimeException> ends = new LinkedBlockingQueue<>();
  volatile boolean finish;

  @Override
  public Selection select(
      TenantId tenant, List<Matcher> matchers, TimeRange range, QueryBudget budget) {
    return new Selection() {
      @Override
      public int size() {
        return 1;
      }

      @Override
      public Labels labels(int index) {
        return Labels.of("__name__", "endless");
      }

      @Override
      public void read(int index, long fromMs, long toMs, SampleBuffer into) {
        reading.countDown();
        try {
          while (!finish) {
            budget.readSamples(1);
            Thread.onSpinWait();
          }
        } catch (RuntimeException e) {
          ends.add(e);
          throw e;
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public List<Labels> series(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return empty.series(tenant, selectors, range, limit, budget);
  }

  @Override
  public List<String> labelNames(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return empty.labelNames(tenant, selectors, range, limit, budget);
  }

  @Override
  public List<String> labelValues(
      TenantId tenant,
      String name,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return empty.labelValues(tenant, name, selectors, range, limit, budget);
  }

  @Override
  public List<SeriesExemplars> exemplars(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return List.of();
  }

  @Override
  public Map<String, List<MetricMetadata>> metadata(
      TenantId tenant, String metric, int limit, int limitPerMetric) {
    return Map.of();
  }

  @Override
  public Cardinality cardinality(TenantId tenant, int limit) {
    return empty.cardinality(tenant, limit);
  }
}
