// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import io.skopos.model.TimeRange;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.Arrays;

/**
 * Puts samples of several origins into one ascending order, where of equal times the newer stays,
 * and takes hidden ones out. A histogram that then follows another sample than it followed where it
 * was stored no longer says that there was no reset in between.
 */
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
    SampleBuffer arrived = new SampleBuffer(size);
    for (int i = 0; i < size; i++) {
      arrived.copy(samples, i, i);
    }
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    IntArrays.mergeSort(
        order, (left, right) -> Long.compare(arrived.timesMs[left], arrived.timesMs[right]));
    int kept = 0;
    for (int i = 0; i < size; i++) {
      boolean replaces = kept > 0 && samples.timesMs[kept - 1] == arrived.timesMs[order[i]];
      if (replaces) {
        kept--;
      }
      samples.copy(arrived, order[i], kept);
      if (i > 0 && (replaces || order[i - 1] != order[i] - 1)) {
        samples.unlink(kept);
      }
      kept++;
    }
    samples.truncate(kept);
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
      if (hasColumns(into) || hasColumns(newer)) {
        copyColumns(into, own, newer);
      }
      into.size = own + added;
      return;
    }
    // From the back, so that nothing is overwritten before it was read.
    int left = own - 1;
    int right = added - 1;
    int to = own + added;
    boolean columns = hasColumns(into) || hasColumns(newer);
    boolean newerFollows = true;
    while (right >= 0) {
      long newTime = newer.timesMs[right];
      boolean takeOwn = left >= base && into.timesMs[left] > newTime;
      if (columns && to < own + added && takeOwn == newerFollows) {
        into.unlink(to);
      }
      newerFollows = !takeOwn;
      to--;
      if (takeOwn) {
        move(into, left, into, to, columns);
        left--;
      } else {
        if (left >= base && into.timesMs[left] == newTime) {
          left--;
        }
        move(newer, right, into, to, columns);
        right--;
      }
    }
    if (columns && left >= base) {
      into.unlink(to); // the least of the newer ones
    }
    // What was equal left a gap between the untouched front and the merged rest.
    int front = left + 1;
    int merged = own + added - to;
    if (to > front && columns) {
      for (int i = 0; i < merged; i++) {
        into.copy(into, to + i, front + i);
      }
    } else if (to > front) {
      System.arraycopy(into.timesMs, to, into.timesMs, front, merged);
      System.arraycopy(into.values, to, into.values, front, merged);
    }
    into.size = own + added;
    into.truncate(front + merged);
  }

  /** Takes the samples of the range out, among those from index {@code base} on. */
  public static void remove(TimeRange range, SampleBuffer from, int base) {
    boolean columns = hasColumns(from);
    boolean gap = false;
    int kept = base;
    for (int i = base; i < from.size; i++) {
      if (range.contains(from.timesMs[i])) {
        gap = true;
        continue;
      }
      move(from, i, from, kept, columns);
      if (gap && columns) {
        from.unlink(kept);
      }
      gap = false;
      kept++;
    }
    from.truncate(kept);
  }

  private static boolean hasColumns(SampleBuffer samples) {
    return samples.histograms != null || samples.startsMs != null;
  }

  private static void copyColumns(SampleBuffer into, int own, SampleBuffer newer) {
    for (int i = 0; i < newer.size; i++) {
      into.copy(newer, i, own + i);
    }
    into.unlink(own);
  }

  private static void move(
      SampleBuffer from, int index, SampleBuffer into, int to, boolean columns) {
    if (columns) {
      into.copy(from, index, to);
    } else {
      into.timesMs[to] = from.timesMs[index];
      into.values[to] = from.values[index];
    }
  }
}
