// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import io.skopos.metrics.store.SampleBuffer;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.Arrays;

/** Puts samples of several origins into one ascending order; of equal times the newer stays. */
public final class SampleMerge {

  private SampleMerge() {}

  /** Sorts samples that stand in order of arrival by time; of equal times the last one stays. */
  public static void sort(SampleBuffer samples) {
    int size = samples.size;
    boolean ascending = true;
    for (int i = 1; i < size && ascending; i++) {
      ascending = samples.timesMs[i] > samples.timesMs[i - 1];
    }
    if (ascending) {
      return;
    }
    long[] times = Arrays.copyOf(samples.timesMs, size);
    double[] values = Arrays.copyOf(samples.values, size);
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    IntArrays.mergeSort(order, (a, b) -> Long.compare(times[a], times[b]));
    int kept = 0;
    for (int i = 0; i < size; i++) {
      long time = times[order[i]];
      if (kept > 0 && samples.timesMs[kept - 1] == time) {
        kept--;
      }
      samples.timesMs[kept] = time;
      samples.values[kept] = values[order[i]];
      kept++;
    }
    samples.size = kept;
  }

  /**
   * Merges {@code newer} into the samples of {@code into} from index {@code base} on; both ascend.
   * When one lies behind the other, this is a copy.
   */
  public static void into(SampleBuffer into, int base, SampleBuffer newer) {
    int own = into.size;
    int added = newer.size;
    if (added == 0) {
      return;
    }
    into.ensure(added);
    if (own == base || into.timesMs[own - 1] < newer.timesMs[0]) {
      System.arraycopy(newer.timesMs, 0, into.timesMs, own, added);
      System.arraycopy(newer.values, 0, into.values, own, added);
      into.size = own + added;
      return;
    }
    // From the back, so that nothing is overwritten before it was read.
    int left = own - 1;
    int right = added - 1;
    int to = own + added;
    while (right >= 0) {
      long newTime = newer.timesMs[right];
      if (left >= base && into.timesMs[left] > newTime) {
        to--;
        into.timesMs[to] = into.timesMs[left];
        into.values[to] = into.values[left];
        left--;
      } else {
        if (left >= base && into.timesMs[left] == newTime) {
          left--;
        }
        to--;
        into.timesMs[to] = newTime;
        into.values[to] = newer.values[right];
        right--;
      }
    }
    // What was equal left a gap between the untouched front and the merged rest.
    int front = left + 1;
    int merged = own + added - to;
    if (to > front) {
      System.arraycopy(into.timesMs, to, into.timesMs, front, merged);
      System.arraycopy(into.values, to, into.values, front, merged);
    }
    into.size = front + merged;
  }
}
