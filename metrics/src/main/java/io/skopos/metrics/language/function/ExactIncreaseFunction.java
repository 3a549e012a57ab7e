// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

/**
 * {@code increase_exact} and {@code rate_exact}: what a counter gained by the samples of a window,
 * nothing extrapolated. The first of them is compared with the sample before the window; where
 * there is none, it counts whole if its start lies in the window, and else is what the others are
 * compared with. So windows side by side add up to the window they make together.
 *
 * @param perSecond whether the result is divided by the window's length
 */
record ExactIncreaseFunction(boolean perSecond) implements RangeFunction {

  @Override
  public RangeKernel kernel(RangeCall call) {
    return new ExactIncrease(call, perSecond);
  }

  @Override
  public Histograms histograms() {
    return Histograms.APART;
  }

  @Override
  public RangeKernel histogramKernel(RangeCall call) {
    return new ExactHistogramIncrease(call, perSecond);
  }

  @Override
  public boolean reachesBack() {
    return true;
  }
}
