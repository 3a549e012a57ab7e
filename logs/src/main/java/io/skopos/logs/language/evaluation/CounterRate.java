// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import java.util.Arrays;

/**
 * The per-second increase of a counter over a window, with resets added back and extended to the
 * window's edges as Prometheus does: up to half the distance between samples beyond the outermost,
 * all the way when an edge is near, and never below zero.
 *
 * @param startNs the end of the first window
 */
record CounterRate(long startNs, long stepNs, long intervalNs) {

  private static final double NANOS = 1e9;

  /**
   * @param times of the first {@code count} values, in any order
   * @return 0 for a single value
   */
  double of(int step, long[] times, double[] values, int count) {
    if (count < 2) {
      return 0;
    }
    sort(times, values, count);
    double increase = values[count - 1] - values[0];
    for (int i = 1; i < count; i++) {
      if (values[i] < values[i - 1]) {
        increase += values[i - 1];
      }
    }
    long end = startNs + step * stepNs;
    double sampled = (times[count - 1] - times[0]) / NANOS;
    double spacing = sampled / (count - 1);
    double toStart = reached((times[0] - (end - intervalNs)) / NANOS, spacing);
    double toEnd = reached((end - times[count - 1]) / NANOS, spacing);
    if (increase > 0 && values[0] >= 0) {
      toStart = Math.min(toStart, sampled * (values[0] / increase));
    }
    return increase * ((sampled + toStart + toEnd) / sampled) / (intervalNs / NANOS);
  }

  private static double reached(double distance, double spacing) {
    return distance >= spacing * 1.1 ? spacing / 2 : distance;
  }

  private static void sort(long[] times, double[] values, int count) {
    boolean sorted = true;
    for (int i = 1; i < count && sorted; i++) {
      sorted = times[i - 1] <= times[i];
    }
    if (sorted) {
      return;
    }
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (left, right) -> Long.compare(times[left], times[right]));
    long[] oldTimes = Arrays.copyOf(times, count);
    double[] oldValues = Arrays.copyOf(values, count);
    for (int i = 0; i < count; i++) {
      times[i] = oldTimes[order[i]];
      values[i] = oldValues[order[i]];
    }
  }
}
