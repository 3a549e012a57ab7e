// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import io.skopos.model.histogram.NativeHistogram;

/**
 * The mean of histograms: their sum over their number as long as nothing overflows, which is the
 * most exact; from there on a mean that is updated histogram by histogram. Not thread-safe.
 */
public final class HistogramMean implements HistogramFold {

  private HistogramSum total;
  private long samples = 1;
  private boolean incremental;

  public HistogramMean(NativeHistogram first) {
    total = HistogramSum.of(first);
  }

  @Override
  public boolean fits(NativeHistogram other) {
    return total.fits(other);
  }

  @Override
  public void add(NativeHistogram next) {
    samples++;
    if (!incremental) {
      if (total.isFarFromOverflow(next)) {
        total.add(next);
        return;
      }
      HistogramSum before = total.copy();
      total.add(next);
      if (!total.hasInfinity()) {
        return;
      }
      total = before;
      total.divide(samples - 1.0);
      incremental = true;
    }
    total.multiply((samples - 1.0) / samples);
    HistogramSum share = HistogramSum.of(next);
    share.divide(samples);
    total.add(share);
  }

  @Override
  public void merge(HistogramFold fold) {
    HistogramMean other = (HistogramMean) fold;
    HistogramSum left = mean();
    HistogramSum right = other.mean();
    double all = (double) samples + other.samples;
    left.multiply(samples / all);
    right.multiply(other.samples / all);
    left.add(right);
    total = left;
    incremental = true;
    samples += other.samples;
  }

  @Override
  public boolean resetsConflict() {
    return total.resetsConflict();
  }

  @Override
  public boolean boundsReconciled() {
    return total.boundsReconciled();
  }

  @Override
  public NativeHistogram toHistogram() {
    return mean().toHistogram();
  }

  private HistogramSum mean() {
    HistogramSum mean = total.copy();
    if (!incremental) {
      mean.divide(samples);
    }
    return mean;
  }
}
