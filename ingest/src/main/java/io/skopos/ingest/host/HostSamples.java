// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.host;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes what collectors read, from reading to reading: keeps the label sets, adds stale markers for
 * series that are gone and metadata for families that are new. Used by one thread.
 */
final class HostSamples {

  private static final class Series {
    final Labels labels;
    long reading;

    Series(Labels labels) {
      this.labels = labels;
    }
  }

  private final Labels common;
  private final Map<List<String>, Series> series = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private final List<String> tellingNow = new ArrayList<>();
  private SampleBatch batch = new SampleBatch();
  private long timeMs;
  private long reading;
  private int count;

  HostSamples(Labels common) {
    this.common = common;
  }

  void begin(SampleBatch newBatch, long newTimeMs) {
    batch = newBatch;
    timeMs = newTimeMs;
    reading++;
    count = 0;
  }

  /** How many samples this reading has so far. */
  int count() {
    return count;
  }

  void counter(String name, String help, double value, String... labels) {
    add("counter", name, help, value, labels);
  }

  void gauge(String name, String help, double value, String... labels) {
    add("gauge", name, help, value, labels);
  }

  void untyped(String name, String help, double value, String... labels) {
    add("unknown", name, help, value, labels);
  }

  /** Adds stale markers for the series this reading did not bring. */
  void end() {
    for (Iterator<Series> all = series.values().iterator(); all.hasNext(); ) {
      Series one = all.next();
      if (one.reading != reading) {
        batch.series(one.labels);
        batch.sample(timeMs, StaleMarker.VALUE);
        all.remove();
      }
    }
  }

  /** The batch was stored, so its metadata is known from now on; else it is told again. */
  void finished(boolean stored) {
    if (!stored) {
      tellingNow.forEach(told::remove);
    }
    tellingNow.clear();
  }

  private void add(String type, String name, String help, double value, String... labels) {
    List<String> key = new ArrayList<>(labels.length + 1);
    key.add(name);
    key.addAll(List.of(labels));
    Series one = series.get(key);
    if (one == null) {
      LabelsBuilder builder = new LabelsBuilder(common).set(Label.METRIC_NAME, name);
      for (int i = 0; i < labels.length; i += 2) {
        builder.set(labels[i], labels[i + 1]);
      }
      one = new Series(builder.build());
      series.put(key, one);
    }
    if (one.reading == reading) {
      return;
    }
    one.reading = reading;
    count++;
    batch.series(one.labels);
    batch.sample(timeMs, value);
    if (told.add(name)) {
      tellingNow.add(name);
      batch.metadata(timeMs, name, new MetricMetadata(type, help, ""));
    }
  }
}
