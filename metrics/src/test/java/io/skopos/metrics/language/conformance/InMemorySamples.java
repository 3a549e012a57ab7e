// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.conformance;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.index.LabelPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Samples in sorted maps: a store that is too simple to be wrong. Not for concurrent writes. */
public final class InMemorySamples implements SampleSource, ScriptStore {

  private final Map<TenantId, Map<Labels, NavigableMap<Long, Sample>>> tenants =
      new ConcurrentHashMap<>();

  private final Map<TenantId, TreeMap<Labels, TreeSet<Exemplar>>> exemplars =
      new ConcurrentHashMap<>();

  private record Sample(double value, @Nullable NativeHistogram histogram, long startMs) {}

  @Override
  public SampleSource source() {
    return this;
  }

  @Override
  public void write(TenantId tenant, SampleBatch batch) {
    Map<Labels, NavigableMap<Long, Sample>> all =
        tenants.computeIfAbsent(tenant, _ -> new TreeMap<>());
    for (int series = 0; series < batch.seriesCount(); series++) {
      NavigableMap<Long, Sample> samples =
          all.computeIfAbsent(batch.labels(series), _ -> new TreeMap<>());
      for (int i = batch.sampleStart(series); i < batch.sampleEnd(series); i++) {
        samples.put(
            batch.timeMs(i), new Sample(batch.value(i), batch.histogramAt(i), batch.startMs(i)));
      }
    }
    for (SampleBatch.ExemplarRow row : batch.exemplars()) {
      exemplars
          .computeIfAbsent(tenant, _ -> new TreeMap<>())
          .computeIfAbsent(batch.labels(row.series()), _ -> new TreeSet<>(Exemplar.ORDER))
          .add(row.exemplar());
    }
  }

  @Override
  public Selection select(
      TenantId tenant, List<Matcher> matchers, TimeRange range, QueryBudget budget) {
    List<Map.Entry<Labels, NavigableMap<Long, Sample>>> chosen =
        selected(tenant, List.of(matchers), range).toList();
    budget.addSeries(chosen.size());
    return new Selection() {
      @Override
      public int size() {
        return chosen.size();
      }

      @Override
      public Labels labels(int index) {
        return chosen.get(index).getKey();
      }

      @Override
      public void read(int index, long fromMs, long toMs, SampleBuffer into) {
        int before = into.size;
        chosen
            .get(index)
            .getValue()
            .subMap(fromMs, true, toMs, true)
            .forEach(
                (time, sample) -> into.add(time, sample.value, sample.histogram, sample.startMs));
        budget.readSamples(into.size - before);
      }

      @Override
      public void close() {
        // Nothing is pinned.
      }
    };
  }

  @Override
  public List<Labels> series(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return limited(selected(tenant, selectors, range).map(Map.Entry::getKey), limit);
  }

  @Override
  public List<String> labelNames(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return limited(
        selected(tenant, selectors, range)
            .flatMap(entry -> entry.getKey().toList().stream())
            .map(Label::name)
            .distinct()
            .sorted(),
        limit);
  }

  @Override
  public List<String> labelValues(
      TenantId tenant,
      String name,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return limited(
        selected(tenant, selectors, range)
            .map(entry -> entry.getKey().getOrEmpty(name))
            .filter(value -> !value.isEmpty())
            .distinct()
            .sorted(),
        limit);
  }

  @Override
  public List<SeriesExemplars> exemplars(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    List<SeriesExemplars> found = new ArrayList<>();
    exemplars
        .getOrDefault(tenant, new TreeMap<>())
        .forEach((labels, own) -> {
          List<Exemplar> inside =
              own.stream().filter(exemplar -> range.contains(exemplar.timeMs())).toList();
          boolean fits =
              selectors.isEmpty() || selectors.stream().anyMatch(one -> fits(labels, one));
          if (fits && !inside.isEmpty() && (limit == 0 || found.size() < limit)) {
            found.add(new SeriesExemplars(labels, inside));
          }
        });
    return found;
  }

  @Override
  public Map<String, List<MetricMetadata>> metadata(
      TenantId tenant, String metric, int limit, int limitPerMetric) {
    return Map.of();
  }

  @Override
  public Cardinality cardinality(TenantId tenant, int limit) {
    long series = tenants.getOrDefault(tenant, Map.of()).size();
    return new Cardinality(series, 0, 0, 0, 0, List.of(), List.of(), List.of(), List.of());
  }

  static boolean fits(Labels labels, List<Matcher> matchers) {
    return matchers.stream().allMatch(matcher -> fits(labels, matcher));
  }

  private static boolean fits(Labels labels, Matcher matcher) {
    String value = labels.getOrEmpty(matcher.name());
    return switch (matcher.type()) {
      case EQUAL -> value.equals(matcher.value());
      case NOT_EQUAL -> !value.equals(matcher.value());
      case REGEX -> matches(matcher.value(), value);
      case NOT_REGEX -> !matches(matcher.value(), value);
    };
  }

  private static boolean matches(String pattern, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return LabelPattern.compile(pattern).matches(bytes, 0, bytes.length);
  }

  private Stream<Map.Entry<Labels, NavigableMap<Long, Sample>>> selected(
      TenantId tenant, List<List<Matcher>> selectors, TimeRange range) {
    return tenants.getOrDefault(tenant, Map.of()).entrySet().stream()
        .filter(entry ->
            selectors.isEmpty()
                || selectors.stream().anyMatch(matchers -> fits(entry.getKey(), matchers)))
        .filter(entry -> {
          Long first = entry.getValue().ceilingKey(range.fromMs());
          return first != null && first <= range.toMs();
        });
  }

  private static <T> List<T> limited(Stream<T> found, int limit) {
    return limit == 0 ? found.toList() : found.limit(limit).toList();
  }
}
