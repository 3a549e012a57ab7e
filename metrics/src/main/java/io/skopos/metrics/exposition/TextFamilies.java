// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.metrics.exposition.SeriesGroup.Member;
import io.skopos.metrics.exposition.SeriesGroup.Role;
import io.skopos.metrics.exposition.SeriesGroup.TimedExemplar;
import io.skopos.metrics.wire.HistogramDraft;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds back the samples of a family in text until it is complete, because its last lines may say
 * when its series began, and because a classic histogram becomes a native one only as a whole. Used
 * only when an option asks for either. Not thread-safe.
 */
final class TextFamilies {

  private final ExpositionOptions options;
  private final boolean openMetrics;
  private final HistogramDraft draft = new HistogramDraft();
  private final List<Held> held = new ArrayList<>();
  private final List<SeriesGroup> groups = new ArrayList<>();
  private @Nullable FamilyType family;
  private long number;

  /** A sample held back. */
  private record Held(
      StoredSeries series,
      Member member,
      double value,
      long timeMs,
      @Nullable TimedExemplar exemplar) {}

  private TextFamilies(ExpositionOptions options, boolean openMetrics) {
    this.options = options;
    this.openMetrics = openMetrics;
  }

  /** Null when samples can go on at once. */
  static @Nullable TextFamilies of(ExpositionFormat format, ExpositionOptions options) {
    boolean openMetrics = format == ExpositionFormat.OPENMETRICS;
    return options.convertClassicHistograms() || (openMetrics && options.createdSamplesAsStarts())
        ? new TextFamilies(options, openMetrics)
        : null;
  }

  /** Begins a body. */
  void reset() {
    held.clear();
    groups.clear();
    family = null;
  }

  /** Ends the family before, and begins one. */
  void begin(FamilyType type, SeriesCache cache, ExpositionSink sink) throws ExpositionException {
    end(cache, sink);
    family = type;
    number = cache.nextFamily();
  }

  @Nullable FamilyType family() {
    return family;
  }

  /** The part of the current family that a series is; null when it is none of it. */
  @Nullable Member member(Labels exposed, SeriesCache cache) {
    FamilyType current = family;
    String name = exposed.getOrEmpty(Label.METRIC_NAME);
    if (current == null || !name.startsWith(current.name)) {
      return null;
    }
    Role role = role(current.type, name.substring(current.name.length()));
    if (role == null) {
      return null;
    }
    double bound = 0;
    LabelsBuilder builder = new LabelsBuilder(exposed).set(Label.METRIC_NAME, current.name);
    if (role == Role.BUCKET) {
      bound = DecimalNumber.parse(exposed.getOrEmpty("le"));
      if (Double.isNaN(bound)) {
        return null;
      }
      builder.remove("le");
    } else if (current.type.equals("summary")) {
      builder.remove("quantile");
    }
    return new Member(cache.group(builder.build()), role, bound);
  }

  private @Nullable Role role(String type, String suffix) {
    if (suffix.equals("_created") && openMetrics && options.createdSamplesAsStarts()) {
      return type.equals("counter") || type.equals("summary") || type.equals("histogram")
          ? Role.CREATED
          : null;
    }
    return switch (type) {
      case "histogram", "gaugehistogram" ->
          switch (suffix) {
            case "_bucket" -> Role.BUCKET;
            case "_count", "_gcount" -> Role.COUNT;
            case "_sum", "_gsum" -> Role.SUM;
            default -> null;
          };
      case "summary" ->
          switch (suffix) {
            case "", "_count", "_sum" -> Role.VALUE;
            default -> null;
          };
      case "counter" -> suffix.isEmpty() || suffix.equals("_total") ? Role.VALUE : null;
      default -> null;
    };
  }

  /**
   * @param series null when the mapping drops it; it still counts for its histogram
   */
  void add(
      Member member,
      @Nullable StoredSeries series,
      double value,
      long timeMs,
      @Nullable TimedExemplar exemplar,
      ExpositionSink sink) {
    SeriesGroup group = member.group();
    if (group.begin(number)) {
      groups.add(group);
      group.timeMs = timeMs;
    }
    switch (member.role()) {
      case CREATED -> {
        group.startMs = (long) (value * 1000);
        return;
      }
      case BUCKET -> group.buckets.add(member.bound(), value);
      case COUNT -> group.count = value;
      case SUM -> group.sum = value;
      case VALUE -> {}
    }
    if (exemplar != null && exemplar.timeMs() != ExpositionSink.NO_TIME) {
      group.exemplars.add(exemplar);
    }
    if (series == null) {
      sink.dropped();
    } else {
      held.add(new Held(series, member, value, timeMs, exemplar));
    }
  }

  /** Hands on what was held back. */
  void end(SeriesCache cache, ExpositionSink sink) throws ExpositionException {
    if (options.convertClassicHistograms() && family != null) {
      for (SeriesGroup group : groups) {
        if (group.buckets.size > 0) {
          convert(group, cache, sink);
        }
      }
    }
    for (Held sample : held) {
      SeriesGroup group = sample.member.group();
      if (!group.converted || options.classicHistograms()) {
        sink.sample(sample.series, sample.value, sample.timeMs, group.startMs);
        TimedExemplar exemplar = sample.exemplar;
        if (exemplar != null) {
          sink.exemplar(sample.series, exemplar.labels(), exemplar.value(), exemplar.timeMs());
        }
      }
    }
    held.clear();
    groups.clear();
    family = null;
  }

  private void convert(SeriesGroup group, SeriesCache cache, ExpositionSink sink)
      throws ExpositionException {
    FamilyType current = family;
    boolean gauge = current != null && current.type.equals("gaugehistogram");
    NativeHistogram histogram =
        group.buckets.convert(
            group.count, group.sum, gauge ? ResetHint.GAUGE : ResetHint.UNKNOWN, draft);
    if (histogram == null) {
      ExpositionException bad =
          new ExpositionException(
              "the classic histogram " + group.labels + " cannot be converted: " + draft.problem());
      if (!sink.badLine(bad)) {
        throw bad;
      }
      return;
    }
    group.converted = true;
    StoredSeries series = cache.converted(group.labels);
    if (series == null) {
      sink.dropped();
      return;
    }
    sink.histogram(series, histogram, group.timeMs, group.startMs);
    for (TimedExemplar exemplar : group.exemplars) {
      sink.exemplar(series, exemplar.labels(), exemplar.value(), exemplar.timeMs());
    }
  }
}
