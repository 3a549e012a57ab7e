// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.model.Labels;

/** A kernel that keeps the columns of the series it is on. */
abstract class SeriesKernel implements RangeKernel {

  private static final long[] NO_TIMES = {};
  private static final double[] NO_VALUES = {};

  long[] timesMs = NO_TIMES;
  double[] values = NO_VALUES;

  @Override
  public final void series(Labels labels, long[] newTimesMs, double[] newValues, int size) {
    timesMs = newTimesMs;
    values = newValues;
    begin(labels, size);
  }

  /** A series begins; its columns are set. */
  void begin(Labels labels, int size) {}
}
