// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.model.Labels;

/** {@link ExactIncreaseFunction} of floats: differences of neighbours, added up. */
final class ExactIncrease extends SeriesKernel {

  private final RangeCall call;
  private final boolean perSecond;
  private boolean nameChecked;

  ExactIncrease(RangeCall call, boolean perSecond) {
    this.call = call;
    this.perSecond = perSecond;
  }

  @Override
  void begin(Labels labels, int size) {
    nameChecked = false;
  }

  @Override
  public void window(int step, int from, int to, StepRow out) {
    long start = call.windowEndMs(step) - call.rangeMs();
    int first = firstInside(timesMs, from, to, start);
    if (first == to) {
      return;
    }
    double gained = first > from ? gain(first) : bornInside(first, start) ? values[first] : 0;
    for (int i = first + 1; i < to; i++) {
      gained += gain(i);
    }
    out.set(step, perSecond ? gained / (call.rangeMs() / 1000.0) : gained);
    if (!nameChecked) {
      RateFunction.CounterName.check(labels(), call);
      nameChecked = true;
    }
  }

  /** What a sample has more than the one before it. */
  private double gain(int i) {
    boolean reset =
        values[i] < values[i - 1]
            || (startsMs != null
                && StartTimes.isReset(startsMs[i - 1], timesMs[i - 1], startsMs[i], timesMs[i]));
    return reset ? values[i] : values[i] - values[i - 1];
  }

  private boolean bornInside(int first, long start) {
    return startsMs != null && bornInside(startsMs[first], timesMs[first], start);
  }

  static boolean bornInside(long bornMs, long sampleMs, long windowStartMs) {
    return bornMs != 0 && bornMs >= windowStartMs && bornMs < sampleMs;
  }

  static int firstInside(long[] timesMs, int from, int to, long start) {
    int first = from;
    while (first < to && timesMs[first] <= start) {
      first++;
    }
    return first;
  }
}
