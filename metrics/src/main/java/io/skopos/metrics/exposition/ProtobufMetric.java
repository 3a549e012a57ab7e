// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.metrics.exposition.ProtobufSeries.Part;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import org.jspecify.annotations.Nullable;

/** Reads one {@code Metric} and hands the series it stands for to the sink. */
final class ProtobufMetric {

  private static final String METRIC = "Metric";
  private static final int LABEL = 1 << 3 | ProtobufReader.LENGTH;
  private static final int TIME = 6 << 3 | ProtobufReader.VARINT;
  private static final int VALUE = 1 << 3 | ProtobufReader.FIXED64;

  /** The field of the value, by the family's type. */
  private static final int[] VALUE_FIELDS = {3, 2, 4, 5, 7, 7};

  private final ProtobufReader in;
  private final ExpositionOptions options;
  private final ProtobufSeries series = new ProtobufSeries();
  private final ProtobufSeries exemplarLabels = new ProtobufSeries();
  private final ProtobufHistogram histogram;
  private ProtobufFamily family = new ProtobufFamily();
  private long timeMs;

  ProtobufMetric(ProtobufReader in, ExpositionOptions options) {
    this.in = in;
    this.options = options;
    this.histogram = new ProtobufHistogram(in);
  }

  void read(int end, ProtobufFamily ofFamily, SeriesCache cache, ExpositionSink sink)
      throws MalformedMessage, ExpositionException {
    family = ofFamily;
    series.reset(in.bytes);
    timeMs = ExpositionSink.NO_TIME;
    int valueTag = VALUE_FIELDS[family.type] << 3 | ProtobufReader.LENGTH;
    int valueFrom = end;
    int valueTo = end;
    while (in.at < end) {
      int tag = in.tag(end, METRIC);
      if (tag == LABEL) {
        label(in.enter(end, "a label"), series);
      } else if (tag == valueTag) {
        valueTo = in.enter(end, "a metric's value");
        valueFrom = in.at;
        in.at = valueTo;
      } else if (tag == TIME) {
        long time = in.varint(end, "a metric's timestamp");
        timeMs = time == 0 ? ExpositionSink.NO_TIME : time;
      } else {
        in.skip(tag, end, METRIC);
      }
    }
    in.at = valueFrom;
    switch (family.type) {
      case ProtobufFamily.COUNTER -> counter(valueTo, cache, sink);
      case ProtobufFamily.SUMMARY -> summary(valueTo, cache, sink);
      case ProtobufFamily.HISTOGRAM, ProtobufFamily.GAUGE_HISTOGRAM -> {
        histogram.read(valueTo);
        histogram(cache, sink);
      }
      default -> gauge(valueTo, cache, sink);
    }
  }

  private void label(int end, ProtobufSeries into) throws MalformedMessage {
    int nameFrom = end;
    int nameTo = end;
    int valueFrom = end;
    int valueTo = end;
    while (in.at < end) {
      int tag = in.tag(end, "LabelPair");
      switch (tag) {
        case 1 << 3 | ProtobufReader.LENGTH -> {
          nameTo = in.enter(end, "a label's name");
          nameFrom = in.at;
          in.at = nameTo;
        }
        case 2 << 3 | ProtobufReader.LENGTH -> {
          valueTo = in.enter(end, "a label's value");
          valueFrom = in.at;
          in.at = valueTo;
        }
        default -> in.skip(tag, end, "LabelPair");
      }
    }
    into.label(nameFrom, nameTo, valueFrom, valueTo);
  }

  private @Nullable StoredSeries sample(
      Part part, double bound, double value, long startMs, SeriesCache cache, ExpositionSink sink)
      throws ExpositionException {
    StoredSeries stored = series.find(family, part, bound, cache);
    if (stored == null) {
      sink.dropped();
    } else {
      sink.sample(stored, value, timeMs, startMs);
    }
    return stored;
  }

  private void gauge(int end, SeriesCache cache, ExpositionSink sink)
      throws MalformedMessage, ExpositionException {
    double value = 0;
    while (in.at < end) {
      int tag = in.tag(end, "Gauge");
      if (tag == VALUE) {
        value = in.float64(end, "a value");
      } else {
        in.skip(tag, end, "Gauge");
      }
    }
    sample(Part.WHOLE, 0, value, ExpositionSink.NO_START, cache, sink);
  }

  private void counter(int end, SeriesCache cache, ExpositionSink sink)
      throws MalformedMessage, ExpositionException {
    double value = 0;
    long startMs = ExpositionSink.NO_START;
    int exemplarFrom = 0;
    int exemplarTo = 0;
    while (in.at < end) {
      int tag = in.tag(end, "Counter");
      switch (tag) {
        case VALUE -> value = in.float64(end, "a value");
        case 2 << 3 | ProtobufReader.LENGTH -> {
          exemplarTo = in.enter(end, "an exemplar");
          exemplarFrom = in.at;
          in.at = exemplarTo;
        }
        case 3 << 3 | ProtobufReader.LENGTH ->
            startMs = ProtobufTime.read(in, in.enter(end, "a created timestamp"));
        default -> in.skip(tag, end, "Counter");
      }
    }
    StoredSeries stored = sample(Part.WHOLE, 0, value, startMs, cache, sink);
    if (stored != null && exemplarTo > 0) {
      exemplar(stored, exemplarFrom, exemplarTo, false, sink);
    }
  }

  private void summary(int end, SeriesCache cache, ExpositionSink sink)
      throws MalformedMessage, ExpositionException {
    long count = 0;
    double sum = 0;
    long startMs = ExpositionSink.NO_START;
    int from = in.at;
    while (in.at < end) {
      int tag = in.tag(end, "Summary");
      switch (tag) {
        case 1 << 3 | ProtobufReader.VARINT -> count = in.varint(end, "a summary's count");
        case 2 << 3 | ProtobufReader.FIXED64 -> sum = in.float64(end, "a summary's sum");
        case 4 << 3 | ProtobufReader.LENGTH ->
            startMs = ProtobufTime.read(in, in.enter(end, "a created timestamp"));
        default -> in.skip(tag, end, "Summary");
      }
    }
    sample(Part.COUNT, 0, ProtobufHistogram.unsigned(count), startMs, cache, sink);
    sample(Part.SUM, 0, sum, startMs, cache, sink);
    in.at = from;
    while (in.at < end) {
      int tag = in.tag(end, "Summary");
      if (tag == (3 << 3 | ProtobufReader.LENGTH)) {
        quantile(in.enter(end, "a quantile"), startMs, cache, sink);
      } else {
        in.skip(tag, end, "Summary");
      }
    }
  }

  private void quantile(int end, long startMs, SeriesCache cache, ExpositionSink sink)
      throws MalformedMessage, ExpositionException {
    double quantile = 0;
    double value = 0;
    while (in.at < end) {
      int tag = in.tag(end, "Quantile");
      switch (tag) {
        case 1 << 3 | ProtobufReader.FIXED64 -> quantile = in.float64(end, "a quantile");
        case 2 << 3 | ProtobufReader.FIXED64 -> value = in.float64(end, "a quantile's value");
        default -> in.skip(tag, end, "Quantile");
      }
    }
    sample(Part.QUANTILE, quantile, value, startMs, cache, sink);
  }

  private void histogram(SeriesCache cache, ExpositionSink sink)
      throws MalformedMessage, ExpositionException {
    boolean taken = options.nativeHistograms() && histogram.isNative();
    if (taken) {
      nativeHistogram(histogram.draft.build(), cache, sink);
    }
    boolean convert = options.convertClassicHistograms() && histogram.classic.size > 0;
    boolean classicToo = options.classicHistograms() && histogram.classic.size > 0;
    if (classicToo || (!taken && !convert)) {
      classicHistogram(cache, sink);
    }
    if (convert && !taken) {
      nativeHistogram(
          histogram.classic.convert(
              histogram.count(), histogram.draft.sum, ResetHint.UNKNOWN, histogram.draft),
          cache,
          sink);
    }
  }

  private void nativeHistogram(
      @Nullable NativeHistogram built, SeriesCache cache, ExpositionSink sink)
      throws MalformedMessage, ExpositionException {
    if (built == null) {
      throw ProtobufSeries.bad(family, "is a bad native histogram: " + histogram.draft.problem());
    }
    StoredSeries stored = series.find(family, Part.WHOLE, 0, cache);
    if (stored == null) {
      sink.dropped();
      return;
    }
    boolean gauge = family.type == ProtobufFamily.GAUGE_HISTOGRAM;
    sink.histogram(
        stored, gauge ? built.withResetHint(ResetHint.GAUGE) : built, timeMs, histogram.createdMs);
    boolean own = histogram.exemplarInts > 0;
    int[] places = own ? histogram.exemplars : histogram.bucketExemplars;
    int ints = own ? histogram.exemplarInts : 2 * histogram.classic.size;
    for (int i = 0; i < ints; i += 2) {
      if (places[i + 1] > 0) {
        exemplar(stored, places[i], places[i + 1], true, sink);
      }
    }
  }

  private void classicHistogram(SeriesCache cache, ExpositionSink sink)
      throws MalformedMessage, ExpositionException {
    double count = histogram.count();
    long startMs = histogram.createdMs;
    sample(Part.COUNT, 0, count, startMs, cache, sink);
    sample(Part.SUM, 0, histogram.draft.sum, startMs, cache, sink);
    boolean infinite = false;
    for (int i = 0; i < histogram.classic.size; i++) {
      double bound = histogram.classic.bounds[i];
      infinite |= bound == Double.POSITIVE_INFINITY;
      StoredSeries stored =
          sample(Part.BUCKET, bound, histogram.classic.cumulative[i], startMs, cache, sink);
      int to = histogram.bucketExemplars[2 * i + 1];
      if (stored != null && to > 0) {
        exemplar(stored, histogram.bucketExemplars[2 * i], to, false, sink);
      }
    }
    if (!infinite) {
      // Clients leave it out in protobuf, because the count says the same.
      sample(Part.BUCKET, Double.POSITIVE_INFINITY, count, startMs, cache, sink);
    }
  }

  /**
   * @param timed pass over one without a time: of a histogram's several ones they could not be told
   *     apart from scrape to scrape
   */
  private void exemplar(StoredSeries stored, int from, int to, boolean timed, ExpositionSink sink)
      throws MalformedMessage, ExpositionException {
    in.at = from;
    exemplarLabels.reset(in.bytes);
    double value = 0;
    long exemplarMs = ExpositionSink.NO_TIME;
    while (in.at < to) {
      int tag = in.tag(to, "Exemplar");
      switch (tag) {
        case LABEL -> label(in.enter(to, "a label"), exemplarLabels);
        case 2 << 3 | ProtobufReader.FIXED64 -> value = in.float64(to, "an exemplar's value");
        case 3 << 3 | ProtobufReader.LENGTH ->
            exemplarMs = ProtobufTime.read(in, in.enter(to, "an exemplar's timestamp"));
        default -> in.skip(tag, to, "Exemplar");
      }
    }
    if (timed && exemplarMs == ExpositionSink.NO_TIME) {
      return;
    }
    Labels labels = exemplarLabels.alone(family);
    sink.exemplar(stored, labels, value, exemplarMs);
  }
}
