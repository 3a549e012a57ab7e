// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.metrics.store.AggregatedSamples;

/** A range function of the times and the number of samples, whatever they are. */
record PointFunction(Point point, OfAggregates ofAggregates) implements RangeFunction {

  /** The answer for samples {@code from} to {@code to}, the latter excluded. */
  interface Point {
    double at(long[] timesMs, int from, int to);
  }

  /** The same answer from aggregates. */
  interface OfAggregates {
    double at(AggregatedSamples samples, int from, int to);
  }

  static double count(AggregatedSamples samples, int from, int to) {
    long count = 0;
    for (int i = from; i < to; i++) {
      count += samples.counts[i];
    }
    return count;
  }

  @Override
  public AggregatedKernel aggregatedKernel(RangeCall call) {
    return (step, samples, from, to, out) -> out.set(step, ofAggregates.at(samples, from, to));
  }

  @Override
  public RangeKernel kernel(RangeCall call) {
    return new SeriesKernel() {
      @Override
      public void window(int step, int from, int to, StepRow out) {
        out.set(step, point.at(timesMs, from, to));
      }
    };
  }

  @Override
  public boolean looksAtValues() {
    return false;
  }

  @Override
  public Histograms histograms() {
    return Histograms.AMONG_FLOATS;
  }
}
