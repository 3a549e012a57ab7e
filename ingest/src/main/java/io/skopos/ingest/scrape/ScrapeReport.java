// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import org.jspecify.annotations.Nullable;

/** The series every scrape adds about itself. */
final class ScrapeReport {

  private final Labels up;
  private final Labels duration;
  private final Labels samples;
  private final Labels afterRelabelling;
  private final Labels added;
  private final @Nullable Extra extra;

  /** Of {@code extra_scrape_metrics}. */
  private record Extra(Labels timeout, Labels sampleLimit, Labels bodyBytes) {}

  /**
   * @param withExtra as {@code extra_scrape_metrics} says
   */
  ScrapeReport(Labels targetLabels, boolean withExtra) {
    up = named(targetLabels, "up");
    duration = named(targetLabels, "scrape_duration_seconds");
    samples = named(targetLabels, "scrape_samples_scraped");
    afterRelabelling = named(targetLabels, "scrape_samples_post_metric_relabeling");
    added = named(targetLabels, "scrape_series_added");
    extra =
        withExtra
            ? new Extra(
                named(targetLabels, "scrape_timeout_seconds"),
                named(targetLabels, "scrape_sample_limit"),
                named(targetLabels, "scrape_body_size_bytes"))
            : null;
  }

  /**
   * Adds the extra series, if they are wanted.
   *
   * @param bodyBytes 0 when the scrape failed, -1 when it failed because the body was too large
   */
  void addExtra(
      SampleBatch batch, long timeMs, double timeoutSeconds, int sampleLimit, long bodyBytes) {
    Extra wanted = extra;
    if (wanted != null) {
      add(batch, wanted.timeout, timeMs, timeoutSeconds);
      add(batch, wanted.sampleLimit, timeMs, sampleLimit);
      add(batch, wanted.bodyBytes, timeMs, bodyBytes);
    }
  }

  void add(
      SampleBatch batch, long timeMs, boolean success, double seconds, TargetSeries.Counts of) {
    add(batch, up, timeMs, success ? 1 : 0);
    add(batch, duration, timeMs, seconds);
    add(batch, samples, timeMs, (double) of.samples);
    add(batch, afterRelabelling, timeMs, (double) of.stored);
    add(batch, added, timeMs, (double) of.added);
  }

  void addStale(SampleBatch batch, long timeMs) {
    for (Labels labels : new Labels[] {up, duration, samples, afterRelabelling, added}) {
      add(batch, labels, timeMs, StaleMarker.VALUE);
    }
    Extra wanted = extra;
    if (wanted != null) {
      for (Labels labels : new Labels[] {wanted.timeout, wanted.sampleLimit, wanted.bodyBytes}) {
        add(batch, labels, timeMs, StaleMarker.VALUE);
      }
    }
  }

  private static void add(SampleBatch batch, Labels labels, long timeMs, double value) {
    batch.series(labels);
    batch.sample(timeMs, value);
  }

  private static Labels named(Labels labels, String name) {
    return new LabelsBuilder(labels).set(Label.METRIC_NAME, name).build();
  }
}
