// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import java.util.Arrays;

/** The series of each group, in their order, as slices of one array. */
public final class SeriesByGroup {

  private final int[] starts;
  private final int[] series;

  private SeriesByGroup(int[] starts, int[] series) {
    this.starts = starts;
    this.series = series;
  }

  public static SeriesByGroup of(int[] groupOfSeries, int groups) {
    int[] starts = new int[groups + 1];
    for (int group : groupOfSeries) {
      starts[group + 1]++;
    }
    for (int group = 0; group < groups; group++) {
      starts[group + 1] += starts[group];
    }
    int[] next = starts.clone();
    int[] series = new int[groupOfSeries.length];
    for (int i = 0; i < groupOfSeries.length; i++) {
      series[next[groupOfSeries[i]]++] = i;
    }
    return new SeriesByGroup(starts, series);
  }

  public int start(int group) {
    return starts[group];
  }

  public int end(int group) {
    return starts[group + 1];
  }

  public int series(int position) {
    return series[position];
  }

  /** The series of a group, copied. */
  public int[] members(int group) {
    return Arrays.copyOfRange(series, start(group), end(group));
  }

  public int largest() {
    int largest = 0;
    for (int group = 0; group + 1 < starts.length; group++) {
      largest = Math.max(largest, end(group) - start(group));
    }
    return largest;
  }
}
