// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.histogram.CounterReset;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import org.jspecify.annotations.Nullable;

/**
 * Tells each counter histogram whether it goes on from the sample before it. A sender's word that
 * there was no reset is not taken, because the sample it means may not be the one before it here;
 * only the first sample of a selection, before which nothing is known, keeps it.
 */
final class ResetHints {

  private ResetHints() {}

  /**
   * For all samples of a series, of which none is a stale marker.
   *
   * @param tellsResets whether a reset that was found is told, rather than left unknown
   */
  static void tell(SampleBuffer samples, boolean tellsResets) {
    @Nullable NativeHistogram[] histograms = samples.histograms;
    if (histograms == null) {
      return;
    }
    for (int i = samples.size - 1; i > 0; i--) {
      NativeHistogram histogram = histograms[i];
      if (histogram != null) {
        histograms[i] = told(histograms[i - 1], histogram, tellsResets);
      }
    }
  }

  /**
   * For a sample that is not the first.
   *
   * @param before the sample before, if it was a histogram
   */
  static NativeHistogram told(
      @Nullable NativeHistogram before, NativeHistogram histogram, boolean tellsResets) {
    if (histogram.isGauge() || histogram.resetHint() == ResetHint.RESET) {
      return histogram;
    }
    NativeHistogram asked = histogram.withResetHint(ResetHint.UNKNOWN);
    if (before == null || before.isGauge()) {
      return asked;
    }
    if (CounterReset.between(before, asked)) {
      return tellsResets ? asked.withResetHint(ResetHint.RESET) : asked;
    }
    return asked.withResetHint(ResetHint.NO_RESET);
  }
}
