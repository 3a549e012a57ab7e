// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a parser read, as text. */
final class CollectingSink implements ExpositionSink {

  private final List<String> samples = new ArrayList<>();
  private final List<NativeHistogram> histograms = new ArrayList<>();
  private final List<String> metadata = new ArrayList<>();
  private final List<String> exemplars = new ArrayList<>();
  private final List<ExpositionException> badLines = new ArrayList<>();
  private boolean passOverBadLines;
  private int types;

  static CollectingSink passingOverBadLines() {
    CollectingSink sink = new CollectingSink();
    sink.passOverBadLines = true;
    return sink;
  }

  List<String> samples() {
    return samples;
  }

  List<NativeHistogram> histograms() {
    return histograms;
  }

  List<String> metadata() {
    return metadata;
  }

  List<String> exemplars() {
    return exemplars;
  }

  List<ExpositionException> badLines() {
    return badLines;
  }

  int types() {
    return types;
  }

  @Override
  public void sample(StoredSeries series, double value, long timeMs, long startMs) {
    samples.add(
        series.labels()
            + " "
            + value
            + (timeMs == NO_TIME ? "" : " " + timeMs)
            + (startMs == NO_START ? "" : " since " + startMs));
  }

  @Override
  public void histogram(StoredSeries series, NativeHistogram histogram, long timeMs, long startMs) {
    histograms.add(histogram);
    samples.add(
        series.labels()
            + " histogram "
            + histogram.count()
            + (timeMs == NO_TIME ? "" : " " + timeMs)
            + (startMs == NO_START ? "" : " since " + startMs));
  }

  @Override
  public void exemplar(StoredSeries series, Labels labels, double value, long timeMs) {
    exemplars.add(labels + " " + value + (timeMs == NO_TIME ? "" : " " + timeMs));
  }

  @Override
  public void metadata(MetadataField field, String family, String text) {
    metadata.add(field + " " + family + " " + text);
    types += field == MetadataField.TYPE ? 1 : 0;
  }

  @Override
  public boolean badLine(ExpositionException problem) {
    badLines.add(problem);
    return passOverBadLines;
  }
}
