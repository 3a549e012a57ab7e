// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.roaringbitmap.RoaringBitmap;

/**
 * Ascending ordinals, appended by one writer and read by anyone without a lock. A lone ordinal is
 * one int; a run is its first ordinal and then the bitwise complement of its last one, which grows
 * in place. A reader may see ordinals of a series that is still being added and cuts them off by
 * the index' series count.
 */
final class PostingsList implements LabelIndex.Postings {

  private int[] entries = new int[2];
  private volatile int size;
  private int count;

  void add(int ordinal) {
    int at = size;
    int last = at == 0 ? Integer.MIN_VALUE : entries[at - 1];
    count++;
    if (last < 0 && at > 0 && ~last == ordinal - 1) {
      entries[at - 1] = ~ordinal;
      size = at; // publishes the longer run
      return;
    }
    if (at == entries.length) {
      entries = Arrays.copyOf(entries, at * 2);
    }
    entries[at] = last >= 0 && last == ordinal - 1 ? ~ordinal : ordinal;
    size = at + 1;
  }

  /** How many ordinals; exact for the writer, perhaps a moment old for others. */
  int count() {
    return count;
  }

  @Override
  public RoaringBitmap read() {
    return toBitmap();
  }

  RoaringBitmap toBitmap() {
    BitmapBuilder builder = new BitmapBuilder();
    forEachRun(builder);
    return builder.get();
  }

  /** Adds all ordinals to a bitmap that may hold others. */
  void orInto(RoaringBitmap bitmap) {
    forEachRun((from, to) -> {
      if (from == to) {
        bitmap.add(from);
      } else {
        bitmap.add((long) from, to + 1L);
      }
    });
  }

  @Override
  public boolean any(IntPredicate accepted) {
    int end = size;
    int[] seen = entries;
    for (int i = 0; i < end; i++) {
      int to = seen[i];
      int from = to;
      if (i + 1 < end && seen[i + 1] < 0) {
        to = ~seen[++i];
      }
      for (int ordinal = from; ordinal <= to; ordinal++) {
        if (accepted.test(ordinal)) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public void runs(LabelIndex.RunVisitor visitor) {
    forEachRun(visitor);
  }

  void forEachRun(LabelIndex.RunVisitor visitor) {
    int end = size;
    int[] seen = entries;
    for (int i = 0; i < end; i++) {
      int from = seen[i];
      int to = from;
      if (i + 1 < end && seen[i + 1] < 0) {
        to = ~seen[++i];
      }
      visitor.run(from, to);
    }
  }

  long heapBytes() {
    return 40 + 16 + 4L * entries.length;
  }
}
