// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import io.skopos.engine.histogram.HistogramSize;
import io.skopos.model.histogram.NativeHistogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One series' points on a grid while they are computed: a value per step and a presence bit. A
 * point is a float unless the column of histograms, which is there only when some point needs it,
 * has a histogram for its step.
 */
public final class StepRow {

  private final double[] values;
  private final long[] presence;
  private @Nullable NativeHistogram @Nullable [] histograms;
  private boolean anyHistogram;

  public StepRow(int steps) {
    values = new double[steps];
    presence = new long[(steps + 63) >>> 6];
  }

  public int steps() {
    return values.length;
  }

  public void set(int step, double value) {
    values[step] = value;
    presence[step >>> 6] |= 1L << step;
  }

  public void set(int step, NativeHistogram histogram) {
    @Nullable NativeHistogram[] column = histograms;
    if (column == null) {
      column = new @Nullable NativeHistogram[values.length];
      histograms = column;
    }
    anyHistogram = true;
    column[step] = histogram;
    presence[step >>> 6] |= 1L << step;
  }

  public boolean present(int step) {
    return (presence[step >>> 6] & (1L << step)) != 0;
  }

  /** Meaningful only where {@link #present}. */
  public double value(int step) {
    return values[step];
  }

  /** The histogram of a point, or null for a float. */
  public @Nullable NativeHistogram histogram(int step) {
    return histograms == null ? null : histograms[step];
  }

  public int count() {
    int count = 0;
    for (long word : presence) {
      count += Long.bitCount(word);
    }
    return count;
  }

  /** How many samples the points count for in a query's budget. */
  public long weight() {
    return count() + (anyHistogram ? HistogramSize.beyondFloats(histograms, values.length) : 0);
  }

  public void clear() {
    Arrays.fill(presence, 0L);
    if (histograms != null && anyHistogram) {
      Arrays.fill(histograms, null);
      anyHistogram = false;
    }
  }

  /** The columns themselves, for hot loops; bit {@code step & 63} of word {@code step >>> 6}. */
  public double[] values() {
    return values;
  }

  public long[] presence() {
    return presence;
  }

  /** Null when no point is a histogram. */
  public @Nullable NativeHistogram @Nullable [] histograms() {
    return anyHistogram ? histograms : null;
  }
}
