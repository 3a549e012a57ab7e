// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.conformance;

import io.skopos.engine.histogram.HistogramSum;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** {@code load_with_nhcb}: native histograms with custom buckets made of classic ones. */
final class CustomBuckets {

  /** A classic histogram at one time. */
  private static final class Classic {
    private final TreeMap<Double, Double> buckets = new TreeMap<>();
    private double sum;
    private double count = Double.NaN;
  }

  private final Map<Labels, TreeMap<Long, Classic>> histograms = new TreeMap<>();

  void add(Labels labels, long timeMs, double value) {
    String name = labels.getOrEmpty(Label.METRIC_NAME);
    if (name.endsWith("_bucket") && labels.has("le")) {
      double bound;
      try {
        bound = SeriesLine.number(labels.getOrEmpty("le"));
      } catch (NumberFormatException e) {
        return;
      }
      at(labels, name, "_bucket", timeMs).buckets.put(bound, value);
    } else if (name.endsWith("_count")) {
      at(labels, name, "_count", timeMs).count = value;
    } else if (name.endsWith("_sum")) {
      at(labels, name, "_sum", timeMs).sum = value;
    }
  }

  private Classic at(Labels labels, String name, String suffix, long timeMs) {
    Labels base =
        new LabelsBuilder(labels)
            .remove("le")
            .set(Label.METRIC_NAME, name.substring(0, name.length() - suffix.length()))
            .build();
    return histograms
        .computeIfAbsent(base, key -> new TreeMap<>())
        .computeIfAbsent(timeMs, key -> new Classic());
  }

  void appendTo(SampleBatch batch) {
    histograms.forEach((labels, byTime) -> {
      batch.series(labels);
      byTime.forEach((time, classic) -> batch.histogram(time, convert(classic), 0));
    });
  }

  private static NativeHistogram convert(Classic classic) {
    TreeMap<Double, Double> buckets = classic.buckets;
    double count =
        !Double.isNaN(classic.count) || buckets.isEmpty()
            ? classic.count
            : buckets.lastEntry().getValue();
    if (!buckets.containsKey(Double.POSITIVE_INFINITY)) {
      buckets.put(Double.POSITIVE_INFINITY, count);
    }
    double[] counts = new double[buckets.size()];
    double[] bounds = new double[buckets.size()];
    double before = 0;
    int at = 0;
    for (Map.Entry<Double, Double> bucket : buckets.entrySet()) {
      bounds[at] = bucket.getKey();
      counts[at++] = bucket.getValue() - before;
      before = bucket.getValue();
    }
    NativeHistogram histogram =
        new NativeHistogram(
            NativeHistogram.CUSTOM_BUCKETS,
            false,
            ResetHint.UNKNOWN,
            0,
            0,
            count,
            classic.sum,
            new Buckets(new int[] {0, counts.length}, counts),
            Buckets.NONE,
            Arrays.copyOf(bounds, bounds.length - 1));
    return HistogramSum.of(histogram).toHistogram();
  }
}
