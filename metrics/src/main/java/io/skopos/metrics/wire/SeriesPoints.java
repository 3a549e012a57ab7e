// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import io.skopos.model.histogram.NativeHistogram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came for one series, kept until its labels are known to be good. Reused from series to
 * series.
 */
final class SeriesPoints {

  private final SampleBuffer samples = new SampleBuffer();

  // Not the buffers' own columns, which are made anew after each clearing.
  private long[] starts = new long[256];
  private final SampleBuffer histograms = new SampleBuffer();
  private long[] histogramStarts = new long[256];

  /** Null stands for a stale one. */
  private @Nullable NativeHistogram[] histogramValues = new @Nullable NativeHistogram[256];

  private final List<Exemplar> exemplars = new ArrayList<>();
  private final List<String> problems = new ArrayList<>(0);
  private long badHistograms;
  private long badExemplars;

  void clear() {
    samples.clear();
    histograms.clear();
    exemplars.clear();
    problems.clear();
    badHistograms = 0;
    badExemplars = 0;
  }

  void sample(long timeMs, double value, long startMs) {
    samples.add(timeMs, value);
    if (samples.size > starts.length) {
      starts = Arrays.copyOf(starts, samples.timesMs.length);
    }
    starts[samples.size - 1] = startMs;
  }

  void histogram(long timeMs, HistogramDraft draft, long startMs) {
    if (StaleMarker.is(draft.sum)) {
      addHistogram(timeMs, null, 0);
      return;
    }
    NativeHistogram histogram = draft.build();
    if (histogram == null) {
      badHistograms++;
      problem("the native histogram at " + timeMs + " is bad: " + draft.problem());
    } else {
      addHistogram(timeMs, histogram, startMs);
    }
  }

  private void addHistogram(long timeMs, @Nullable NativeHistogram histogram, long startMs) {
    histograms.add(timeMs, 0);
    if (histograms.size > histogramStarts.length) {
      histogramStarts = Arrays.copyOf(histogramStarts, histograms.timesMs.length);
      histogramValues = Arrays.copyOf(histogramValues, histograms.timesMs.length);
    }
    histogramStarts[histograms.size - 1] = startMs;
    histogramValues[histograms.size - 1] = histogram;
  }

  /**
   * @param timeMs 0 when the sender gave none
   */
  void exemplar(Labels labels, double value, long timeMs) {
    exemplars.add(new Exemplar(labels, value, timeMs));
  }

  void badExemplar(String why) {
    badExemplars++;
    problem("an exemplar is bad: " + why);
  }

  private void problem(String text) {
    if (problems.size() < WriteReport.MAX_REASONS) {
      problems.add(text);
    }
  }

  /** Counts everything as refused, because the series is. */
  void refuse(SeriesLabels labels, String problem, WriteReport report) {
    report.refusedSeries++;
    report.refusedSamples += samples.size;
    report.refusedHistograms += histograms.size + badHistograms;
    report.refusedExemplars += exemplars.size() + badExemplars;
    if (report.wantsReason()) {
      report.reason("series " + labels.shown() + ": " + problem);
    }
  }

  /**
   * Hands on what is good of a good series.
   *
   * @param createdMs the start of samples that have none of their own; 0 for none
   */
  void keep(SeriesLabels labels, long createdMs, SampleBatch into, WriteReport report) {
    boolean begun = false;
    for (int i = 0; i < samples.size; i++) {
      if (isStorable(labels, samples.timesMs[i], report)) {
        begun = begin(labels, begun, into, report);
        into.sample(
            samples.timesMs[i], samples.values[i], start(starts[i], samples.timesMs[i], createdMs));
        report.samples++;
      } else {
        report.refusedSamples++;
      }
    }
    for (int i = 0; i < histograms.size; i++) {
      if (isStorable(labels, histograms.timesMs[i], report)) {
        begun = begin(labels, begun, into, report);
        keepHistogram(i, createdMs, into);
        report.histograms++;
      } else {
        report.refusedHistograms++;
      }
    }
    for (Exemplar exemplar : exemplars) {
      Exemplar timed = exemplar.timeMs() == 0 ? atLastSample(exemplar) : exemplar;
      if (isStorable(labels, timed.timeMs(), report)) {
        begun = begin(labels, begun, into, report);
        into.exemplar(timed);
        report.exemplars++;
      } else {
        report.refusedExemplars++;
      }
    }
    report.refusedHistograms += badHistograms;
    report.refusedExemplars += badExemplars;
    for (int i = 0; i < problems.size() && report.wantsReason(); i++) {
      report.reason("series " + labels.shown() + ": " + problems.get(i));
    }
  }

  private void keepHistogram(int i, long createdMs, SampleBatch into) {
    long timeMs = histograms.timesMs[i];
    NativeHistogram histogram = histogramValues[i];
    if (histogram == null) {
      into.sample(timeMs, StaleMarker.VALUE);
    } else {
      into.histogram(timeMs, histogram, start(histogramStarts[i], timeMs, createdMs));
    }
  }

  /** A start behind its sample, or in no year, says nothing: it is left out, the sample kept. */
  private static long start(long own, long timeMs, long createdMs) {
    long startMs = own == 0 ? createdMs : own;
    return startMs <= timeMs && TimeRange.STORABLE.contains(startMs) ? startMs : 0;
  }

  private Exemplar atLastSample(Exemplar exemplar) {
    SampleBuffer last = samples.size > 0 ? samples : histograms;
    return last.size == 0
        ? exemplar
        : new Exemplar(exemplar.labels(), exemplar.value(), last.timesMs[last.size - 1]);
  }

  private static boolean begin(
      SeriesLabels labels, boolean begun, SampleBatch into, WriteReport report) {
    if (!begun) {
      into.series(labels.canonical, 0, labels.canonicalLength);
      report.series++;
    }
    return true;
  }

  private static boolean isStorable(SeriesLabels labels, long timeMs, WriteReport report) {
    if (TimeRange.STORABLE.contains(timeMs)) {
      return true;
    }
    if (report.wantsReason()) {
      report.reason(
          "series "
              + labels.shown()
              + ": the timestamp "
              + timeMs
              + " is not in the years 1 to 9999; timestamps are milliseconds since 1970");
    }
    return false;
  }
}
