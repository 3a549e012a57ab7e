// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects a body's samples in a batch, for text imports: lines that cannot be read are passed over
 * and reported. Samples without a time get the one given.
 */
public final class SampleBatchSink implements ExpositionSink {

  private static final int MAX_REPORTED = 10;

  private final SampleBatch batch;
  private final long defaultTimeMs;
  private final List<ExpositionException> reported = new ArrayList<>();
  private final Map<String, MetricMetadata> metadata = new LinkedHashMap<>();
  private @Nullable StoredSeries current;
  private long currentTimeMs;
  private long badLines;

  public SampleBatchSink(SampleBatch batch, long defaultTimeMs) {
    this.batch = batch;
    this.defaultTimeMs = defaultTimeMs;
  }

  /** How many lines could not be read. */
  public long badLines() {
    return badLines;
  }

  /** The first {@value #MAX_REPORTED} of them. */
  public List<ExpositionException> reported() {
    return List.copyOf(reported);
  }

  @Override
  public void sample(StoredSeries series, double value, long timeMs, long startMs) {
    begin(series, timeMs);
    batch.sample(currentTimeMs, value, startMs);
  }

  @Override
  public void histogram(StoredSeries series, NativeHistogram histogram, long timeMs, long startMs) {
    begin(series, timeMs);
    batch.histogram(currentTimeMs, histogram, startMs);
  }

  @Override
  public void exemplar(StoredSeries series, Labels labels, double value, long timeMs) {
    batch.exemplar(new Exemplar(labels, value, timeMs == NO_TIME ? currentTimeMs : timeMs));
  }

  @Override
  public void metadata(MetadataField field, String family, String text) {
    MetricMetadata old = metadata.getOrDefault(family, new MetricMetadata("unknown", "", ""));
    metadata.put(
        family,
        switch (field) {
          case TYPE -> new MetricMetadata(text, old.help(), old.unit());
          case HELP -> new MetricMetadata(old.type(), text, old.unit());
          case UNIT -> new MetricMetadata(old.type(), old.help(), text);
        });
  }

  /** What the body told of metric families, as far as the {@link SeriesCache} did not know it. */
  public Map<String, MetricMetadata> metadata() {
    return metadata;
  }

  private void begin(StoredSeries series, long timeMs) {
    if (series != current) {
      byte[] labels = series.labels().canonicalBytes();
      batch.series(labels, 0, labels.length, series.hash());
      current = series;
    }
    currentTimeMs = timeMs == NO_TIME ? defaultTimeMs : timeMs;
  }

  @Override
  public boolean badLine(ExpositionException problem) {
    badLines++;
    if (reported.size() < MAX_REPORTED) {
      reported.add(problem);
    }
    return true;
  }
}
