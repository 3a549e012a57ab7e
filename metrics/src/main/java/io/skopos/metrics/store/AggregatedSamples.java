// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import java.util.Arrays;

/**
 * Growing columns of what a series has, ascending: {@link SampleAggregates} where they stand for
 * samples, and single samples, each as aggregates of its own. Fields are public for the hot loops.
 * Not thread-safe.
 */
public final class AggregatedSamples {

  /** So many samples one by one cost little. */
  private static final int FEW = 1000;

  /** Sums of fewer or smaller values cannot overflow, in whatever order they are made. */
  public static final double SAFE = 1e300;

  public int size;
  public long[] firstMs = new long[256];
  public long[] lastMs = new long[256];
  public int[] counts = new int[256];
  public double[] sums = new double[256];
  public double[] compensations = new double[256];
  public double[] mins = new double[256];
  public double[] maxs = new double[256];
  public double[] firsts = new double[256];
  public double[] lasts = new double[256];
  public double[] corrections = new double[256];
  private boolean regular = true;
  private double magnitude;

  /** How many samples stand for themselves, and how many have aggregates in their place. */
  private long single;

  private long spared;

  public void clear() {
    size = 0;
    regular = true;
    magnitude = 0;
    single = 0;
    spared = 0;
  }

  /** False when something is there that only all samples one by one answer for. */
  public boolean isRegular() {
    return regular && magnitude < SAFE;
  }

  /**
   * Whether there are many samples one by one, and more than have aggregates in their place: to
   * read all of them as samples costs less.
   */
  public boolean saveNothing() {
    return single > FEW && !saveSomething();
  }

  /** Whether aggregates stand for more samples than there are one by one. */
  public boolean saveSomething() {
    return spared > single;
  }

  /** Adds samples, of which stale markers are left out. */
  public void add(SampleBuffer samples) {
    regular &= samples.histograms == null && samples.startsMs == null;
    single += samples.size;
    for (int i = 0; i < samples.size; i++) {
      double value = samples.values[i];
      if (StaleMarker.is(value)) {
        continue;
      }
      regular &= Double.isFinite(value);
      add(samples.timesMs[i], samples.timesMs[i], 1, value, 0, value, value, value, value, 0);
    }
  }

  public void add(SampleAggregates some) {
    spared += some.count();
    add(
        some.firstTimeMs(),
        some.lastTimeMs(),
        some.count(),
        some.sum(),
        some.compensation(),
        some.min(),
        some.max(),
        some.first(),
        some.last(),
        some.correction());
  }

  private void add(
      long first,
      long last,
      int count,
      double sum,
      double compensation,
      double min,
      double max,
      double firstValue,
      double lastValue,
      double correction) {
    if (size == counts.length) {
      grow();
    }
    firstMs[size] = first;
    lastMs[size] = last;
    counts[size] = count;
    sums[size] = sum;
    compensations[size] = compensation;
    mins[size] = min;
    maxs[size] = max;
    firsts[size] = firstValue;
    lasts[size] = lastValue;
    corrections[size] = correction;
    magnitude += Math.max(Math.abs(min), Math.abs(max)) * count;
    size++;
  }

  private void grow() {
    int capacity = size * 2;
    firstMs = Arrays.copyOf(firstMs, capacity);
    lastMs = Arrays.copyOf(lastMs, capacity);
    counts = Arrays.copyOf(counts, capacity);
    sums = Arrays.copyOf(sums, capacity);
    compensations = Arrays.copyOf(compensations, capacity);
    mins = Arrays.copyOf(mins, capacity);
    maxs = Arrays.copyOf(maxs, capacity);
    firsts = Arrays.copyOf(firsts, capacity);
    lasts = Arrays.copyOf(lasts, capacity);
    corrections = Arrays.copyOf(corrections, capacity);
  }
}
