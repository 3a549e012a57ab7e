// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.push;

import io.skopos.metrics.exposition.ExpositionException;
import io.skopos.metrics.exposition.ExpositionFormat;
import io.skopos.metrics.exposition.ExpositionParser;
import io.skopos.metrics.exposition.ExpositionSink;
import io.skopos.metrics.exposition.LabelMapping;
import io.skopos.metrics.exposition.MetadataField;
import io.skopos.metrics.exposition.SeriesCache;
import io.skopos.metrics.exposition.StoredSeries;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.histogram.NativeHistogram;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The samples of a pushed body by metric family, checked as a gateway checks them. */
final class PushedBody implements ExpositionSink {

  private static final int MAX_TEXTS = 100_000;
  private static final List<String> SUFFIXES =
      List.of("_bucket", "_count", "_sum", "_total", "_created", "_info");
  private static final MetricMetadata NOTHING_KNOWN = new MetricMetadata("untyped", "", "");

  private final Map<String, MetricMetadata> about = new TreeMap<>();
  private final List<PushedSample> samples = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private @Nullable String problem;

  /** One sample with the group's labels. */
  record PushedSample(Labels labels, double value, @Nullable NativeHistogram histogram) {}

  /** A family as it was pushed. */
  record Family(String name, MetricMetadata about, List<PushedSample> samples) {}

  private PushedBody() {}

  /**
   * Reads a body.
   *
   * @param group labels that all series get, whatever they had of these names
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static Map<String, Family> read(ExpositionFormat format, byte[] body, int length, Labels group) {
    LabelMapping mapping =
        (exposed, _) -> {
          LabelsBuilder labels = new LabelsBuilder(exposed);
          group.forEach(label -> labels.set(label.name(), label.value()));
          return labels.build();
        };
    PushedBody sink = new PushedBody();
    try {
      ExpositionParser.lax(format)
          .parse(body, 0, length, new SeriesCache(mapping, MAX_TEXTS), sink);
    } catch (ExpositionException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
    if (sink.problem != null) {
      throw new IllegalArgumentException(sink.problem);
    }
    return sink.families();
  }

  private Map<String, Family> families() {
    Map<String, Family> families = new TreeMap<>();
    for (PushedSample sample : samples) {
      String name = familyOf(sample.labels().getOrEmpty(Label.METRIC_NAME));
      families
          .computeIfAbsent(
              name,
              key -> new Family(key, about.getOrDefault(key, NOTHING_KNOWN), new ArrayList<>()))
          .samples()
          .add(sample);
    }
    return families;
  }

  private String familyOf(String metric) {
    if (about.containsKey(metric)) {
      return metric;
    }
    for (String suffix : SUFFIXES) {
      if (metric.endsWith(suffix)) {
        String base = metric.substring(0, metric.length() - suffix.length());
        if (about.containsKey(base)) {
          return base;
        }
      }
    }
    return metric;
  }

  @Override
  public void sample(StoredSeries series, double value, long timeMs, long startMs) {
    add(new PushedSample(series.labels(), value, null), timeMs, "");
  }

  @Override
  public void histogram(StoredSeries series, NativeHistogram histogram, long timeMs, long startMs) {
    add(new PushedSample(series.labels(), histogram.sum(), histogram), timeMs, "histogram");
  }

  private void add(PushedSample sample, long timeMs, String kind) {
    if (timeMs != NO_TIME) {
      problem = "pushed metrics must not have timestamps, and " + sample.labels() + " has one";
    } else if (!seen.add(kind + sample.labels())) {
      problem = "the body has the series " + sample.labels() + " twice";
    }
    samples.add(sample);
  }

  @Override
  public void metadata(MetadataField field, String family, String text) {
    MetricMetadata known = about.getOrDefault(family, NOTHING_KNOWN);
    about.put(
        family,
        switch (field) {
          case TYPE -> new MetricMetadata(text, known.help(), known.unit());
          case HELP -> new MetricMetadata(known.type(), text, known.unit());
          case UNIT -> new MetricMetadata(known.type(), known.help(), text);
        });
  }
}
