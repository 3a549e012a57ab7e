// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.metrics.wire.ProtobufWriter;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;

/** {@code MetricFamily} messages, each behind its length. */
final class ProtobufExposition implements ExpositionWriter {

  private static final int NONE = -1;

  private final boolean anyNames;
  private final String emptyLabel;
  private final ProtobufWriter out;
  private final ProtobufWriter family = new ProtobufWriter();
  private String name = "";
  private String type = "";
  private int begun = NONE;

  ProtobufExposition(AcceptedFormat accepted, String emptyLabel, ProtobufWriter out) {
    this.anyNames = accepted.anyNames();
    this.emptyLabel = emptyLabel;
    this.out = out;
  }

  @Override
  public void metric(String newName, String newType) {
    endFamily();
    name = anyNames ? newName : LegacyName.of(newName, true);
    type = newType;
  }

  @Override
  public void sample(Labels labels, double value, long timeMs) {
    int wanted =
        switch (type) {
          case "counter" -> ProtobufFamily.COUNTER;
          case "gauge" -> ProtobufFamily.GAUGE;
          default -> ProtobufFamily.UNTYPED;
        };
    begin(wanted);
    int metric = metric(labels);
    int field =
        switch (wanted) {
          case ProtobufFamily.COUNTER -> 3;
          case ProtobufFamily.GAUGE -> 2;
          default -> 5;
        };
    int message = family.begin(field);
    family.float64(1, value);
    family.end(message);
    family.integer(6, timeMs);
    family.end(metric);
  }

  @Override
  public void histogram(Labels labels, NativeHistogram histogram, long timeMs) {
    begin(histogram.isGauge() ? ProtobufFamily.GAUGE_HISTOGRAM : ProtobufFamily.HISTOGRAM);
    int metric = metric(labels);
    int message = family.begin(7);
    if (histogram.hasCustomBuckets()) {
      classic(histogram);
    } else {
      exponential(histogram);
    }
    family.end(message);
    family.integer(6, timeMs);
    family.end(metric);
  }

  /** Expositions have no custom boundaries: as classic buckets the scraper can convert them. */
  private void classic(NativeHistogram histogram) {
    count(1, 4, histogram, histogram.count());
    family.float64(2, histogram.sum());
    double[] bounds = histogram.customValues();
    double[] counts = new double[bounds.length + 1];
    Buckets buckets = histogram.positive();
    int index = 0;
    int next = 0;
    for (int i = 0; i < buckets.spans().length; i += 2) {
      index += buckets.spans()[i];
      for (int j = 0; j < buckets.spans()[i + 1]; j++) {
        counts[index++] = buckets.counts()[next++];
      }
    }
    double cumulative = 0;
    for (int i = 0; i < bounds.length; i++) {
      cumulative += counts[i];
      int bucket = family.begin(3);
      count(1, 4, histogram, cumulative);
      family.float64(2, bounds[i]);
      family.end(bucket);
    }
  }

  private void exponential(NativeHistogram histogram) {
    count(1, 4, histogram, histogram.count());
    family.float64(2, histogram.sum());
    family.zigzag(5, histogram.schema());
    family.float64(6, histogram.zeroThreshold());
    count(7, 8, histogram, histogram.zeroCount());
    buckets(histogram, histogram.negative(), 9);
    buckets(histogram, histogram.positive(), 12);
    boolean empty = histogram.negative().isEmpty() && histogram.positive().isEmpty();
    if (empty && histogram.zeroThreshold() == 0 && histogram.zeroCount() == 0) {
      // Without any span it would be read as a classic histogram.
      int span = family.begin(12);
      family.end(span);
    }
  }

  private void count(int integerField, int floatField, NativeHistogram histogram, double count) {
    if (histogram.integer()) {
      family.integer(integerField, (long) count);
    } else {
      family.float64(floatField, count);
    }
  }

  private void buckets(NativeHistogram histogram, Buckets buckets, int spansField) {
    int[] spans = buckets.spans();
    for (int i = 0; i < spans.length; i += 2) {
      int span = family.begin(spansField);
      family.zigzag(1, spans[i]);
      family.integer(2, spans[i + 1]);
      family.end(span);
    }
    long before = 0;
    // One by one, as clients of proto2 write them.
    for (double count : buckets.counts()) {
      if (histogram.integer()) {
        family.zigzag(spansField + 1, (long) count - before);
        before = (long) count;
      } else {
        family.float64(spansField + 2, count);
      }
    }
  }

  private int metric(Labels labels) {
    int metric = family.begin(4);
    for (Label label : labels) {
      if (!label.name().equals(Label.METRIC_NAME)) {
        label(label.name(), label.value());
      }
    }
    if (!emptyLabel.isEmpty() && !labels.has(emptyLabel)) {
      label(emptyLabel, "");
    }
    return metric;
  }

  private void label(String labelName, String value) {
    int message = family.begin(1);
    family.text(1, anyNames ? labelName : LegacyName.of(labelName, false));
    family.text(2, value);
    family.end(message);
  }

  private void begin(int wanted) {
    if (begun == wanted) {
      return;
    }
    endFamily();
    begun = wanted;
    family.text(1, name);
    family.integer(3, wanted);
  }

  private void endFamily() {
    if (begun != NONE) {
      out.varint(family.size());
      out.raw(family.bytes(), 0, family.size());
    }
    family.clear();
    begun = NONE;
  }

  @Override
  public void end() {
    endFamily();
  }
}
