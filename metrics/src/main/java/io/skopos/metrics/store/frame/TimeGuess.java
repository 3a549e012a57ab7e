// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import java.util.Arrays;

/** The rule by which writer and reader guess a sample's time; see {@link FrameTimes}. */
final class TimeGuess {

  private long[] before = new long[16];
  private int beforeCount;
  private long[] current = new long[16];
  private int count;

  /** A series of {@code size} samples follows; an empty one changes nothing. */
  void begin(int size) {
    if (size == 0) {
      return;
    }
    long[] swapped = before;
    before = current;
    beforeCount = count;
    current = swapped;
    count = 0;
    if (current.length < size) {
      current = Arrays.copyOf(current, Math.max(size, current.length * 2));
    }
  }

  long next() {
    if (count == 0) {
      return beforeCount == 0 ? 0 : before[0];
    }
    long last = current[count - 1];
    if (count < beforeCount) {
      return last + before[count] - before[count - 1];
    }
    return count == 1 ? last : last + last - current[count - 2];
  }

  void was(long timeMs) {
    current[count++] = timeMs;
  }
}
