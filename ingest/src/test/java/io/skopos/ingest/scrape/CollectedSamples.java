// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Labels;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.Batch;
import io.skopos.storage.Deletion;
import io.skopos.storage.Intake;
import io.skopos.storage.WriteRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An intake in memory that keeps what it took, in order. */
final class CollectedSamples implements Intake {

  record Sample(
      Labels labels,
      long timeMs,
      double value,
      int batch,
      @Nullable NativeHistogram histogram,
      long startMs) {

    boolean stale() {
      return StaleMarker.is(value);
    }

    String name() {
      return labels.getOrEmpty("__name__");
    }
  }

  private final List<Sample> samples = new ArrayList<>();
  private final Map<String, MetricMetadata> metadata = new TreeMap<>();
  private final List<Exemplar> exemplars = new ArrayList<>();
  private int batches;
  private Predicate<SampleBatch> refuse = batch -> false;

  synchronized void refuseWhen(Predicate<SampleBatch> condition) {
    refuse = condition;
  }

  @Override
  public synchronized CompletableFuture<Void> append(TenantId tenant, Batch batch) {
    SampleBatch taken = (SampleBatch) batch;
    if (refuse.test(taken)) {
      return CompletableFuture.failedFuture(new WriteRefused(429, "too much, says the test"));
    }
    for (int series = 0; series < taken.seriesCount(); series++) {
      Labels labels = taken.labels(series);
      for (int i = taken.sampleStart(series); i < taken.sampleEnd(series); i++) {
        samples.add(
            new Sample(
                labels,
                taken.timeMs(i),
                taken.value(i),
                batches,
                taken.histogramAt(i),
                taken.startMs(i)));
      }
    }
    taken.exemplars().forEach(row -> exemplars.add(row.exemplar()));
    taken.metadata().forEach(row -> metadata.put(row.metric(), row.metadata()));
    batches++;
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion) {
    throw new UnsupportedOperationException("scraping deletes nothing");
  }

  synchronized List<Sample> all() {
    return List.copyOf(samples);
  }

  synchronized List<Exemplar> exemplars() {
    return List.copyOf(exemplars);
  }

  synchronized Map<String, MetricMetadata> metadata() {
    return Map.copyOf(metadata);
  }

  List<Sample> of(String name) {
    return all().stream().filter(sample -> sample.name().equals(name)).toList();
  }

  /** Values in order; the marker as "stale". */
  List<String> values(String name) {
    return of(name).stream()
        .map(sample -> sample.stale() ? "stale" : Double.toString(sample.value()))
        .toList();
  }
}
