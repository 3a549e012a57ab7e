// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import java.util.Arrays;

/**
 * Growing columns of times and values, reused from series to series. Fields are public for the hot
 * loops.
 */
public final class SampleBuffer {

  public long[] timesMs;
  public double[] values;
  public int size;

  public SampleBuffer() {
    this(256);
  }

  public SampleBuffer(int capacity) {
    timesMs = new long[capacity];
    values = new double[capacity];
  }

  public void clear() {
    size = 0;
  }

  public void add(long timeMs, double value) {
    ensure(1);
    timesMs[size] = timeMs;
    values[size++] = value;
  }

  /** Makes room for {@code more} samples behind {@link #size}. */
  public void ensure(int more) {
    int needed = size + more;
    if (needed > timesMs.length) {
      int capacity = Math.max(needed, timesMs.length + (timesMs.length >> 1) + 16);
      timesMs = Arrays.copyOf(timesMs, capacity);
      values = Arrays.copyOf(values, capacity);
    }
  }
}
