// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.exposition.ExpositionException;
import io.skopos.metrics.exposition.ExpositionSink;
import io.skopos.metrics.exposition.MetadataField;
import io.skopos.metrics.exposition.StoredSeries;
import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.serving.append.Appends;
import io.skopos.storage.Intake;
import io.skopos.storage.WriteRefused;
import io.skopos.web.HttpError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A text import on its way to the intake: appended in pieces while the body is being read, so that
 * a large one needs little memory beside it. Not thread-safe.
 */
final class ImportedSamples implements ExpositionSink {

  private static final int PIECE_ROWS = 20_000;
  private static final int MAX_REASONS = 5;
  private static final MetricMetadata NOTHING_KNOWN = new MetricMetadata("unknown", "", "");

  private final Intake intake;
  private final TenantId tenant;
  private final long defaultTimeMs;
  private final long nowMs;
  private final SampleBatch batch = new SampleBatch();
  private final Map<String, MetricMetadata> metadata = new LinkedHashMap<>();
  private final List<String> reasons = new ArrayList<>(0);
  private @Nullable StoredSeries current;
  private long currentTimeMs;
  private long pending;
  private long kept;
  private long refused;

  /**
   * @param defaultTimeMs for lines without a time
   * @param nowMs the time metadata, which carries none, is taken to be said at
   */
  ImportedSamples(Intake intake, TenantId tenant, long defaultTimeMs, long nowMs) {
    this.intake = intake;
    this.tenant = tenant;
    this.defaultTimeMs = defaultTimeMs;
    this.nowMs = nowMs;
  }

  @Override
  public void sample(StoredSeries series, double value, long timeMs, long startMs) {
    if (begin(series, timeMs)) {
      batch.sample(currentTimeMs, value, startMs);
      pending++;
    }
  }

  @Override
  public void histogram(StoredSeries series, NativeHistogram histogram, long timeMs, long startMs) {
    if (begin(series, timeMs)) {
      batch.histogram(currentTimeMs, histogram, startMs);
      pending++;
    }
  }

  @Override
  public void exemplar(StoredSeries series, Labels labels, double value, long timeMs) {
    if (current != series) {
      return; // its sample was refused
    }
    long time = timeMs == NO_TIME ? currentTimeMs : timeMs;
    if (TimeRange.STORABLE.contains(time)) {
      batch.exemplar(new Exemplar(labels, value, time));
    } else {
      refuse(outside("an exemplar of ", series, time));
    }
  }

  private boolean begin(StoredSeries series, long timeMs) {
    // Before this sample, not behind the last: that one's exemplars may still have come.
    if (pending >= PIECE_ROWS) {
      flush();
    }
    long time = timeMs == NO_TIME ? defaultTimeMs : timeMs;
    if (!TimeRange.STORABLE.contains(time)) {
      refuse(outside("", series, time));
      current = null;
      return false;
    }
    if (series != current) {
      batch.series(series.labels());
      current = series;
    }
    currentTimeMs = time;
    return true;
  }

  private static String outside(String what, StoredSeries series, long timeMs) {
    return "the timestamp "
        + timeMs
        + " of "
        + what
        + series.labels().get(Label.METRIC_NAME)
        + " is not in the years 1 to 9999; text has milliseconds, OpenMetrics seconds";
  }

  @Override
  public void metadata(MetadataField field, String family, String text) {
    MetricMetadata known = metadata.getOrDefault(family, NOTHING_KNOWN);
    metadata.put(
        family,
        switch (field) {
          case TYPE -> new MetricMetadata(text, known.help(), known.unit());
          case HELP -> new MetricMetadata(known.type(), text, known.unit());
          case UNIT -> new MetricMetadata(known.type(), known.help(), text);
        });
    if (metadata.size() >= PIECE_ROWS) {
      flush();
    }
  }

  @Override
  public boolean badLine(ExpositionException problem) {
    refuse(String.valueOf(problem.getMessage()));
    return true;
  }

  private void refuse(String reason) {
    refused++;
    if (reasons.size() < MAX_REASONS) {
      reasons.add(reason);
    }
  }

  /** Appends what has come since the last time. */
  void flush() {
    metadata.forEach((family, known) -> batch.metadata(nowMs, family, known));
    metadata.clear();
    current = null;
    if (batch.rows() == 0) {
      return;
    }
    try {
      WriteRefused left = Appends.awaitPartly(intake.append(tenant, batch));
      if (left != null && !left.isAccepted()) {
        pending -= left.refusedRows();
        refused += left.refusedRows() - 1;
        refuse(String.valueOf(left.getMessage()));
      }
    } catch (HttpError e) {
      throw kept == 0
          ? e
          : e.withMessage(e.getMessage() + "; " + kept + " samples were kept before");
    }
    kept += pending;
    pending = 0;
    batch.clear();
  }

  long kept() {
    return kept;
  }

  long refused() {
    return refused;
  }

  /** One line for the sender. */
  String summary() {
    return "kept "
        + kept
        + " samples, refused "
        + refused
        + " lines; first reasons: "
        + String.join("; ", reasons);
  }
}
