// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.StaleMarker;
import io.skopos.metrics.store.chunk.TimeColumn;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import org.jspecify.annotations.Nullable;

/**
 * {@link ChunkAggregates} in a head byte and up to seven doubles; a counter that never restarts
 * needs three, because its minimum is its first value, its maximum and its increase follow.
 */
final class AggregatesCodec {

  private static final int PRESENT = 1;
  private static final int COMPENSATED = 2;
  private static final int MIN_IS_NOT_FIRST = 4;
  private static final int MAX_IS_NOT_LAST = 8;
  private static final int INCREASE_IS_NOT_DIFFERENCE = 16;
  private static final int HAS_STALE = 32;
  private static final int UNKNOWN = 0xc0;

  private AggregatesCodec() {}

  /** Null when a NaN other than a stale marker, or nothing but stale markers, is in the chunk. */
  static @Nullable ChunkAggregates aggregate(long[] timesMs, double[] values, int from, int to) {
    int count = 0;
    long firstTime = 0;
    long lastTime = 0;
    double first = 0;
    double last = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    double compensation = 0;
    double increase = 0;
    int resets = 0;
    for (int i = from; i < to; i++) {
      double value = values[i];
      if (Double.isNaN(value)) {
        if (StaleMarker.is(value)) {
          continue;
        }
        return null;
      }
      if (count == 0) {
        first = value;
        firstTime = timesMs[i];
      } else if (value < last) {
        increase += value;
        resets++;
      } else {
        increase += value - last;
      }
      count++;
      last = value;
      lastTime = timesMs[i];
      min = Math.min(min, value);
      max = Math.max(max, value);
      double next = sum + value;
      compensation +=
          Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
      sum = next;
    }
    return count == 0
        ? null
        : new ChunkAggregates(
            firstTime, lastTime, count, sum, compensation, min, max, first, last, increase, resets);
  }

  static void encode(
      @Nullable ChunkAggregates aggregates, TimeColumn.Bounds times, ByteWriter out) {
    if (aggregates == null) {
      out.int8(0);
      return;
    }
    boolean difference =
        aggregates.resets() == 0
            && same(aggregates.increase(), aggregates.last() - aggregates.first());
    boolean stale = aggregates.count() != times.count();
    int head = PRESENT;
    head |= same(aggregates.compensation(), 0) ? 0 : COMPENSATED;
    head |= same(aggregates.min(), aggregates.first()) ? 0 : MIN_IS_NOT_FIRST;
    head |= same(aggregates.max(), aggregates.last()) ? 0 : MAX_IS_NOT_LAST;
    head |= difference ? 0 : INCREASE_IS_NOT_DIFFERENCE;
    head |= stale ? HAS_STALE : 0;
    out.int8(head);
    put(out, aggregates.first());
    put(out, aggregates.last());
    put(out, aggregates.sum());
    if ((head & COMPENSATED) != 0) {
      put(out, aggregates.compensation());
    }
    if ((head & MIN_IS_NOT_FIRST) != 0) {
      put(out, aggregates.min());
    }
    if ((head & MAX_IS_NOT_LAST) != 0) {
      put(out, aggregates.max());
    }
    if ((head & INCREASE_IS_NOT_DIFFERENCE) != 0) {
      put(out, aggregates.increase());
      out.varint(aggregates.resets());
    }
    if (stale) {
      out.varint(times.count() - aggregates.count());
      out.varint(aggregates.firstTimeMs() - times.firstMs());
      out.varint(times.lastMs() - aggregates.lastTimeMs());
    }
  }

  static @Nullable ChunkAggregates decode(ByteReader in, TimeColumn.Bounds times) {
    int head = in.uint8();
    if ((head & UNKNOWN) != 0) {
      throw new DamagedBytes("aggregates begin with " + head);
    }
    if ((head & PRESENT) == 0) {
      return null;
    }
    double first = get(in);
    double last = get(in);
    double sum = get(in);
    double compensation = (head & COMPENSATED) != 0 ? get(in) : 0;
    double min = (head & MIN_IS_NOT_FIRST) != 0 ? get(in) : first;
    double max = (head & MAX_IS_NOT_LAST) != 0 ? get(in) : last;
    boolean restarted = (head & INCREASE_IS_NOT_DIFFERENCE) != 0;
    double increase = restarted ? get(in) : last - first;
    int resets = restarted ? in.count(times.count(), "resets") : 0;
    boolean stale = (head & HAS_STALE) != 0;
    int count = times.count() - (stale ? in.count(times.count() - 1, "stale markers") : 0);
    long firstTime = times.firstMs() + (stale ? in.varint() : 0);
    long lastTime = times.lastMs() - (stale ? in.varint() : 0);
    return new ChunkAggregates(
        firstTime, lastTime, count, sum, compensation, min, max, first, last, increase, resets);
  }

  private static boolean same(double a, double b) {
    return Double.doubleToRawLongBits(a) == Double.doubleToRawLongBits(b);
  }

  private static void put(ByteWriter out, double value) {
    out.int64(Double.doubleToRawLongBits(value));
  }

  private static double get(ByteReader in) {
    return Double.longBitsToDouble(in.int64());
  }
}
