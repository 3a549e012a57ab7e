// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From the labels of a {@code Metric} to the series it stands for, most of which the cache knows by
 * their bytes. Reused from metric to metric.
 */
final class ProtobufSeries {

  /** The parts a metric falls into as series; each has its own key in the cache. */
  enum Part {
    WHOLE("", ""),
    SUM("_sum", ""),
    COUNT("_count", ""),
    BUCKET("_bucket", "le"),
    QUANTILE("", "quantile");

    private final String suffix;
    private final String label;

    Part(String suffix, String label) {
      this.suffix = suffix;
      this.label = label;
    }
  }

  private byte[] body = new byte[0];
  private int[] ranges = new int[64];
  private int labels;

  /** Name, labels; then a tail for the part, which is written anew for each. */
  private byte[] key = new byte[512];

  private int keyEnd;
  private boolean keyed;
  private List<String> emptyNames = List.of();

  void reset(byte[] newBody) {
    body = newBody;
    labels = 0;
    keyed = false;
  }

  void label(int nameFrom, int nameTo, int valueFrom, int valueTo) {
    int at = 4 * labels;
    if (at == ranges.length) {
      ranges = Arrays.copyOf(ranges, at * 2);
    }
    ranges[at] = nameFrom;
    ranges[at + 1] = nameTo;
    ranges[at + 2] = valueFrom;
    ranges[at + 3] = valueTo;
    labels++;
  }

  /**
   * The series, or null when the mapping drops it.
   *
   * @param bound of a bucket or quantile
   */
  @Nullable StoredSeries find(ProtobufFamily family, Part part, double bound, SeriesCache cache)
      throws ExpositionException {
    if (!keyed) {
      key(family);
    }
    int end = keyEnd;
    key[end++] = (byte) 0xff;
    key[end++] = (byte) part.ordinal();
    if (!part.label.isEmpty()) {
      long bits = Double.doubleToRawLongBits(bound);
      for (int shift = 0; shift < 64; shift += 8) {
        key[end++] = (byte) (bits >>> shift);
      }
    }
    KnownText known = cache.exact(key, 0, end);
    if (known == null) {
      Labels exposed = exposed(family, part, bound);
      known = cache.addSeries(key, 0, end, exposed, emptyNames);
    }
    return known.series;
  }

  private void key(ProtobufFamily family) {
    int size = family.nameTo - family.nameFrom + 16;
    for (int i = 0; i < labels; i++) {
      size += ranges[4 * i + 1] - ranges[4 * i] + ranges[4 * i + 3] - ranges[4 * i + 2] + 8;
    }
    if (size > key.length) {
      key = new byte[Math.max(size, key.length * 2)];
    }
    keyEnd = 0;
    append(family.nameFrom, family.nameTo);
    for (int i = 0; i < labels; i++) {
      length(ranges[4 * i + 1] - ranges[4 * i]);
      append(ranges[4 * i], ranges[4 * i + 1]);
      length(ranges[4 * i + 3] - ranges[4 * i + 2]);
      append(ranges[4 * i + 2], ranges[4 * i + 3]);
    }
    keyed = true;
  }

  private void append(int from, int to) {
    System.arraycopy(body, from, key, keyEnd, to - from);
    keyEnd += to - from;
  }

  private void length(int length) {
    key[keyEnd++] = (byte) length;
    key[keyEnd++] = (byte) (length >> 8);
    key[keyEnd++] = (byte) (length >> 16);
    key[keyEnd++] = (byte) (length >> 24);
  }

  private Labels exposed(ProtobufFamily family, Part part, double bound)
      throws ExpositionException {
    LabelsBuilder builder = new LabelsBuilder();
    builder.set(Label.METRIC_NAME, family.name() + part.suffix);
    if (!part.label.isEmpty()) {
      builder.set(part.label, FloatText.openMetrics(bound));
    }
    emptyNames = addTo(builder, family);
    return builder.build();
  }

  /** The labels alone, of an exemplar. */
  Labels alone(ProtobufFamily family) throws ExpositionException {
    LabelsBuilder builder = new LabelsBuilder();
    addTo(builder, family);
    return builder.build();
  }

  private List<String> addTo(LabelsBuilder builder, ProtobufFamily family)
      throws ExpositionException {
    List<String> empty = new ArrayList<>(0);
    for (int i = 0; i < labels; i++) {
      int at = 4 * i;
      String name = text(ranges[at], ranges[at + 1]);
      String value = text(ranges[at + 2], ranges[at + 3]);
      if (!ProtobufParser.isUtf8(body, ranges[at], ranges[at + 1])
          || !ProtobufParser.isUtf8(body, ranges[at + 2], ranges[at + 3])) {
        throw bad(family, "has a label that is not valid UTF-8: " + name + "=\"" + value + '"');
      }
      if (name.isEmpty()) {
        throw bad(family, "has a label with an empty name");
      }
      if (builder.get(name) != null || empty.contains(name)) {
        throw bad(family, "has the label '" + name + "' twice");
      }
      builder.set(name, value);
      if (value.isEmpty()) {
        empty.add(name);
      }
    }
    return empty;
  }

  static ExpositionException bad(ProtobufFamily family, String problem) {
    return new ExpositionException("a metric of the family '" + family.name() + "' " + problem);
  }

  private String text(int from, int to) {
    return new String(body, from, to - from, StandardCharsets.UTF_8);
  }
}
