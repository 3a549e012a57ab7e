// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import io.skopos.engine.QueryBudget;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The metrics store as questions see it. Thread-safe. All times are Unix milliseconds, ranges
 * include both ends. An empty matcher list selects everything; several selectors are a union.
 */
public interface SampleSource {

  /**
   * The series that fit all matchers and whose first to last sample touch the range, sorted by
   * labels, as of now. One with a gap there is among them and reads as empty. Selecting charges the
   * budget's series, reading its samples.
   */
  Selection select(TenantId tenant, List<Matcher> matchers, TimeRange range, QueryBudget budget);

  /**
   * As {@link #select(TenantId, List, TimeRange, QueryBudget)} for those who look at some labels
   * only: of the others there may be all, some or none in {@link Selection#labels}.
   */
  default Selection select(
      TenantId tenant,
      List<Matcher> matchers,
      TimeRange range,
      Collection<String> names,
      QueryBudget budget) {
    return select(tenant, matchers, range, budget);
  }

  /** Label sets only, sorted; no sample is decoded. {@code limit} 0 means all. */
  List<Labels> series(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget);

  /** Sorted names. {@code limit} 0 means all. */
  List<String> labelNames(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget);

  /** Sorted values. {@code limit} 0 means all. */
  List<String> labelValues(
      TenantId tenant,
      String name,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget);

  /**
   * Exemplars of the series that fit any selector, by series in label order and then by time; of
   * equal ones (series, time, value, labels) one. {@code limit} bounds their number, 0 means the
   * budget alone does.
   */
  List<SeriesExemplars> exemplars(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget);

  /** By metric name (empty: all), what targets or senders said about it, latest first. */
  Map<String, List<MetricMetadata>> metadata(
      TenantId tenant, String metric, int limit, int limitPerMetric);

  /** Figures of {@code /api/v1/status/tsdb}. */
  Cardinality cardinality(TenantId tenant, int limit);

  /**
   * Series, bytes and samples by metric, label, value or target, from postings and page sizes; no
   * sample is read.
   */
  default CardinalityReport cardinality(
      TenantId tenant, CardinalityRequest request, QueryBudget budget) {
    return CardinalityReport.EMPTY;
  }

  /**
   * The same by tenant. All are counted on one day, the latest that has series of any.
   *
   * @param among the tenants that may be told of; null for all
   */
  default CardinalityReport cardinalityByTenant(
      @Nullable Set<TenantId> among, CardinalityRequest request, QueryBudget budget) {
    return CardinalityReport.EMPTY;
  }

  /** Whether samples from one time to another may be given as aggregates. */
  @FunctionalInterface
  interface AggregatesTest {
    boolean test(long firstMs, long lastMs);
  }

  /**
   * A consistent view of some series. Close it on every path: it pins memory and files. Not
   * thread-safe.
   */
  interface Selection extends AutoCloseable {

    int size();

    Labels labels(int index);

    /**
     * Appends the series' samples between both times (inclusive, inside the selection's range) to
     * {@code into}: times strictly ascend, stale markers are included, duplicates resolved, deleted
     * samples left out. Histograms and starts come in the buffer's own columns.
     */
    void read(int index, long fromMs, long toMs, SampleBuffer into);

    /**
     * As {@link #read} for those who ask when there are samples, not what they are: values may be
     * anything but stale markers, unless they are. Histograms come whole.
     */
    default void readTimes(int index, long fromMs, long toMs, SampleBuffer into) {
      read(index, fromMs, toMs, into);
    }

    /**
     * As {@link #read}, with aggregates in place of samples where they fit.
     *
     * @param into cleared by the caller; without use when it is not {@link
     *     AggregatedSamples#isRegular regular} afterwards
     * @return false when they are to be read as they are: the series has no aggregates, or those it
     *     has fit so rarely that they save nothing
     */
    default boolean readAggregated(
        int index, long fromMs, long toMs, AggregatesTest fits, AggregatedSamples into) {
      return false;
    }

    /**
     * What could not be read so far and why (damaged parts): the answer lacks it. Ask after the
     * last read.
     */
    default List<String> warnings() {
      return List.of();
    }

    @Override
    void close();
  }

  /**
   * Counts from postings, no scan; each list is sorted by count, descending, and cut to the limit.
   */
  record Cardinality(
      long series,
      long labelPairs,
      long chunks,
      long minTimeMs,
      long maxTimeMs,
      List<NamedCount> seriesByMetricName,
      List<NamedCount> valuesByLabelName,
      List<NamedCount> bytesByLabelName,
      List<NamedCount> seriesByLabelPair) {}

  /** The exemplars of one series, by ascending time. */
  record SeriesExemplars(Labels labels, List<Exemplar> exemplars) {
    public SeriesExemplars {
      exemplars = List.copyOf(exemplars);
    }
  }

  /** A name (or {@code name=value}) and its count. */
  record NamedCount(String name, long count) {}
}
