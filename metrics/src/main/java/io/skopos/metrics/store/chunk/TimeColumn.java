// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.Arrays;

/**
 * The strictly ascending times of a chunk, shared by all chunks that have the same ones: a scrape's
 * series. Immutable.
 */
public final class TimeColumn {

  /** No chunk has more samples. */
  public static final int MAX_SAMPLES = 4096;

  private final long[] timesMs;
  private final long step;

  private TimeColumn(long[] timesMs, long step) {
    this.timesMs = timesMs;
    this.step = step;
  }

  /**
   * @throws DamagedBytes when no {@link TimeEncoder} wrote this
   */
  public static TimeColumn read(ByteReader in) {
    int count = in.count(MAX_SAMPLES, "samples of a chunk");
    if (count == 0) {
      throw new DamagedBytes("a chunk has no samples");
    }
    long[] times = new long[count];
    long step = IntegerDecoder.decode(in, count, count, times);
    for (int i = 1; i < count; i++) {
      if (times[i] <= times[i - 1]) {
        throw new DamagedBytes("time " + times[i] + " follows " + times[i - 1]);
      }
    }
    return new TimeColumn(times, step);
  }

  public int size() {
    return timesMs.length;
  }

  public long firstMs() {
    return timesMs[0];
  }

  public long lastMs() {
    return timesMs[timesMs.length - 1];
  }

  /** The first index whose time is at least {@code timeMs}; {@link #size} when there is none. */
  public int indexFrom(long timeMs) {
    if (timeMs <= timesMs[0]) {
      return 0;
    }
    if (timeMs > lastMs()) {
      return timesMs.length;
    }
    if (step > 0) {
      return (int) ((timeMs - timesMs[0] + step - 1) / step);
    }
    int found = Arrays.binarySearch(timesMs, timeMs);
    return found < 0 ? -found - 1 : found;
  }

  /** The times themselves, not a copy: read only. */
  public long[] timesMs() {
    return timesMs;
  }

  public void copy(int from, int to, long[] into, int at) {
    System.arraycopy(timesMs, from, into, at, to - from);
  }

  public long timeMs(int index) {
    return timesMs[index];
  }

  /** Writes time columns; reusable, not thread-safe. */
  public static final class TimeEncoder {

    private final IntegerEncoder integers = new IntegerEncoder();

    /** Appends strictly ascending times {@code from} to {@code to}, 1 to {@link #MAX_SAMPLES}. */
    public void encode(long[] timesMs, int from, int to, ByteWriter out) {
      out.varint(to - from);
      integers.encode(timesMs, from, to - from, out);
    }
  }
}
