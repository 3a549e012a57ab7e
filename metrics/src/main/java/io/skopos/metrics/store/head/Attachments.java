// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;

/** What stands in a run beside times and values, on its way into a buffer. */
final class Attachments {

  private final HistogramReader histograms;
  private final long dayStartMs;
  private boolean isHistogram;
  private boolean afterGap;
  private long startMs;

  Attachments(Slab slab, long dayStartMs) {
    this.histograms = new HistogramReader(slab);
    this.dayStartMs = dayStartMs;
  }

  /** Takes what belongs to the next sample, or, a start, to all from the next on. */
  void take(int code, long word) {
    switch (code) {
      case SampleRun.HISTOGRAM -> {
        histograms.advance((int) word);
        isHistogram = true;
      }
      case SampleRun.START_OF_DAY -> startMs = dayStartMs + (int) word;
      case SampleRun.START -> startMs = word;
      default -> throw new IllegalStateException("a run has the code " + code);
    }
  }

  /**
   * The sample they were taken for is not wanted.
   *
   * @param between whether it may stand between others that are
   */
  void skip(boolean between) {
    isHistogram = false;
    afterGap = between;
  }

  /**
   * Puts them beside the sample.
   *
   * @param again whether the sample stands where another one stood that was as old
   */
  void put(SampleBuffer into, int index, boolean again) {
    if (isHistogram) {
      NativeHistogram histogram = histograms.histogram(into.values[index]);
      // What it followed is not there.
      boolean lostHint = (again || afterGap) && histogram.resetHint() == ResetHint.NO_RESET;
      into.withHistograms()[index] =
          lostHint ? histogram.withResetHint(ResetHint.UNKNOWN) : histogram;
      isHistogram = false;
    } else if (into.histograms != null) {
      into.histograms[index] = null;
    }
    afterGap = false;
    if (startMs != 0 || into.startsMs != null) {
      into.withStarts()[index] = startMs;
    }
  }
}
