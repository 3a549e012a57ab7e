// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Growing columns of times and values, reused from series to series. Fields are public for the hot
 * loops. The columns of histograms and starts are there only when some sample has one; whoever
 * moves samples moves them along.
 */
public final class SampleBuffer {

  public long[] timesMs;
  public double[] values;
  public int size;

  /** A sample with a histogram is that histogram; its value is the histogram's sum. */
  public @Nullable NativeHistogram @Nullable [] histograms;

  /** When the counting began whose state a sample is; 0 when that is not known. */
  public long @Nullable [] startsMs;

  public SampleBuffer() {
    this(256);
  }

  public SampleBuffer(int capacity) {
    timesMs = new long[capacity];
    values = new double[capacity];
  }

  public void clear() {
    size = 0;
    histograms = null;
    startsMs = null;
  }

  public void add(long timeMs, double value) {
    ensure(1);
    timesMs[size] = timeMs;
    values[size++] = value;
  }

  /**
   * @param histogram null for a float
   * @param startMs 0 for none
   */
  public void add(long timeMs, double value, @Nullable NativeHistogram histogram, long startMs) {
    add(timeMs, value);
    if (histogram != null) {
      withHistograms()[size - 1] = histogram;
    }
    if (startMs != 0) {
      withStarts()[size - 1] = startMs;
    }
  }

  /** The column of histograms, made when it is not there. */
  public @Nullable NativeHistogram[] withHistograms() {
    @Nullable NativeHistogram[] column = histograms;
    if (column == null) {
      column = new @Nullable NativeHistogram[timesMs.length];
      histograms = column;
    }
    return column;
  }

  /** The column of starts, made when it is not there. */
  public long[] withStarts() {
    long[] column = startsMs;
    if (column == null) {
      column = new long[timesMs.length];
      startsMs = column;
    }
    return column;
  }

  /** Copies sample {@code from} of another buffer, or of this one, over sample {@code to}. */
  public void copy(SampleBuffer other, int from, int to) {
    timesMs[to] = other.timesMs[from];
    values[to] = other.values[from];
    if (other.histograms != null || histograms != null) {
      withHistograms()[to] = other.histograms == null ? null : other.histograms[from];
    }
    if (other.startsMs != null || startsMs != null) {
      withStarts()[to] = other.startsMs == null ? 0 : other.startsMs[from];
    }
  }

  /** Forgets the samples from index {@code newSize} on. */
  public void truncate(int newSize) {
    if (histograms != null && newSize < size) {
      Arrays.fill(histograms, newSize, size, null);
    }
    if (startsMs != null && newSize < size) {
      Arrays.fill(startsMs, newSize, size, 0);
    }
    size = newSize;
  }

  /**
   * The sample at {@code index} follows another one than when it was stored, so that what its
   * histogram says about resets in between is no longer known.
   */
  public void unlink(int index) {
    if (histograms != null) {
      NativeHistogram histogram = histograms[index];
      if (histogram != null && histogram.resetHint() == ResetHint.NO_RESET) {
        histograms[index] = histogram.withResetHint(ResetHint.UNKNOWN);
      }
    }
  }

  /** Makes room for {@code more} samples behind {@link #size}. */
  public void ensure(int more) {
    int needed = size + more;
    if (needed > timesMs.length) {
      int capacity = Math.max(needed, timesMs.length + (timesMs.length >> 1) + 16);
      timesMs = Arrays.copyOf(timesMs, capacity);
      values = Arrays.copyOf(values, capacity);
      if (histograms != null) {
        histograms = Arrays.copyOf(histograms, capacity);
      }
      if (startsMs != null) {
        startsMs = Arrays.copyOf(startsMs, capacity);
      }
    }
  }
}
