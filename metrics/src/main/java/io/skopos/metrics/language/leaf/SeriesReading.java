// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.StepRow;
import io.skopos.metrics.language.function.PositionedAnnotations;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;

/**
 * Turns one series' samples after another into rows. One per worker: implementations keep state.
 */
abstract class SeriesReading {

  static SeriesReading of(
      LeafRequest request, PositionedAnnotations annotations, SampleCount count) {
    return switch (request.reading()) {
      case Reading.Latest() -> new LatestReading(request, count, LatestReading.Wanted.VALUE);
      case Reading.LatestTime() -> new LatestReading(request, count, LatestReading.Wanted.TIME);
      case Reading.InfoTime() -> new LatestReading(request, count, LatestReading.Wanted.FLOAT_TIME);
      case Reading.LatestStart() -> new LatestReading(request, count, LatestReading.Wanted.START);
      case Reading.Smoothed() -> new SmoothedReading(request, count);
      case Reading.Windowed windowed -> WindowReading.of(request, windowed, annotations, count);
    };
  }

  /** Whether the metric's name no longer describes the rows. */
  abstract boolean dropsName();

  /**
   * Whether rows depend on what the samples are: where only the points' being there is wanted, or
   * their times, no value need be decoded.
   */
  abstract boolean looksAtValues();

  /**
   * Fills the (cleared) row.
   *
   * @param samples as read from the store; may be changed
   * @return the most samples that were looked at together, which count as held
   */
  abstract int read(Labels labels, SampleBuffer samples, StepRow row);
}
