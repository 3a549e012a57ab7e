// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import io.skopos.metrics.tsdb.chunk.AggregateChunk.Aggregate;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.Locale;

/** What an aggregate of a downsampled series is called as a series of its own. */
public final class AggregateName {

  private static final long MINUTE_MS = 60_000;
  private static final long HOUR_MS = 3_600_000;

  private AggregateName() {}

  /** {@code name:5m:count}, as VictoriaMetrics' import has it; other labels stay. */
  public static Labels of(Labels series, long resolutionMs, Aggregate aggregate) {
    String name = series.getOrEmpty(Label.METRIC_NAME);
    return new LabelsBuilder(series)
        .set(
            Label.METRIC_NAME,
            name + ':' + resolution(resolutionMs) + ':' + aggregate.name().toLowerCase(Locale.ROOT))
        .build();
  }

  /** {@code 5m}, {@code 1h}. */
  public static String resolution(long resolutionMs) {
    return resolutionMs % HOUR_MS == 0
        ? resolutionMs / HOUR_MS + "h"
        : resolutionMs % MINUTE_MS == 0
            ? resolutionMs / MINUTE_MS + "m"
            : resolutionMs / 1000 + "s";
  }
}
