// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.AggregatedSamples;
import io.skopos.metrics.store.SampleAggregates;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.metrics.store.chunk.TimeColumn;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link ChunkAggregates}: each span's samples, a head byte and up to seven doubles; a counter that
 * never restarts needs three, because its minimum is its first value and its maximum its last.
 */
final class AggregatesCodec {

  private static final int PRESENT = 1;
  private static final int COMPENSATED = 2;
  private static final int MIN_IS_NOT_FIRST = 4;
  private static final int MAX_IS_NOT_LAST = 8;
  private static final int RESTARTED = 16;
  private static final int HAS_STALE = 32;
  private static final int UNKNOWN = 0xc0;

  private AggregatesCodec() {}

  /** Null when no span has any. */
  static @Nullable ChunkAggregates aggregate(long[] timesMs, double[] values, int from, int to) {
    long length = ChunkAggregates.spanLength(timesMs, from, to);
    List<ChunkAggregates.Span> spans = new ArrayList<>();
    boolean any = false;
    int begin = from;
    while (begin < to) {
      long span = ChunkAggregates.spanOf(timesMs[begin], length);
      int end = begin + 1;
      while (end < to && ChunkAggregates.spanOf(timesMs[end], length) == span) {
        end++;
      }
      SampleAggregates known = aggregateSpan(timesMs, values, begin, end);
      any |= known != null;
      spans.add(new ChunkAggregates.Span(end - begin, known));
      begin = end;
    }
    return any ? new ChunkAggregates(spans) : null;
  }

  /** Null when there is a value that is not finite, or nothing but stale markers. */
  private static @Nullable SampleAggregates aggregateSpan(
      long[] timesMs, double[] values, int from, int to) {
    int count = 0;
    long firstTime = 0;
    long lastTime = 0;
    double first = 0;
    double last = 0;
    double min = 0;
    double max = 0;
    double sum = 0;
    double compensation = 0;
    double correction = 0;
    int resets = 0;
    double magnitude = 0;
    for (int i = from; i < to; i++) {
      double value = values[i];
      if (!Double.isFinite(value)) {
        if (StaleMarker.is(value)) {
          continue;
        }
        return null;
      }
      if (count == 0) {
        first = value;
        firstTime = timesMs[i];
        min = value;
        max = value;
      } else if (value < last) {
        correction += last;
        resets++;
      }
      count++;
      last = value;
      lastTime = timesMs[i];
      min = value < min ? value : min;
      max = value > max ? value : max;
      double next = sum + value;
      compensation +=
          Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
      sum = next;
      magnitude += Math.abs(value);
    }
    return count == 0 || magnitude >= AggregatedSamples.SAFE
        ? null
        : new SampleAggregates(
            firstTime,
            lastTime,
            count,
            sum,
            compensation,
            min,
            max,
            first,
            last,
            correction,
            resets);
  }

  /**
   * @param timesMs of the chunk, from {@code from} on
   */
  static void encode(
      @Nullable ChunkAggregates aggregates, long[] timesMs, int from, ByteWriter out) {
    if (aggregates == null) {
      out.varint(0);
      return;
    }
    out.varint(aggregates.spans().size());
    int begin = from;
    for (ChunkAggregates.Span span : aggregates.spans()) {
      out.varint(span.samples());
      int end = begin + span.samples();
      encode(span.known(), span.samples(), timesMs[begin], timesMs[end - 1], out);
      begin = end;
    }
  }

  private static void encode(
      @Nullable SampleAggregates known, int samples, long firstMs, long lastMs, ByteWriter out) {
    if (known == null) {
      out.int8(0);
      return;
    }
    boolean stale = known.count() != samples;
    int head = PRESENT;
    head |= same(known.compensation(), 0) ? 0 : COMPENSATED;
    head |= same(known.min(), known.first()) ? 0 : MIN_IS_NOT_FIRST;
    head |= same(known.max(), known.last()) ? 0 : MAX_IS_NOT_LAST;
    head |= known.resets() == 0 ? 0 : RESTARTED;
    head |= stale ? HAS_STALE : 0;
    out.int8(head);
    put(out, known.first());
    put(out, known.last());
    put(out, known.sum());
    if ((head & COMPENSATED) != 0) {
      put(out, known.compensation());
    }
    if ((head & MIN_IS_NOT_FIRST) != 0) {
      put(out, known.min());
    }
    if ((head & MAX_IS_NOT_LAST) != 0) {
      put(out, known.max());
    }
    if ((head & RESTARTED) != 0) {
      put(out, known.correction());
      out.varint(known.resets());
    }
    if (stale) {
      out.varint(samples - known.count());
      out.varint(known.firstTimeMs() - firstMs);
      out.varint(lastMs - known.lastTimeMs());
    }
  }

  static @Nullable ChunkAggregates decode(ByteReader in, TimeColumn times) {
    int count = in.count(times.size(), "spans of a chunk");
    if (count == 0) {
      return null;
    }
    List<ChunkAggregates.Span> spans = new ArrayList<>(count);
    int begin = 0;
    for (int i = 0; i < count; i++) {
      int samples = in.count(times.size() - begin, "samples of a span");
      if (samples == 0) {
        throw new DamagedBytes("a span of a chunk has no samples");
      }
      int end = begin + samples;
      SampleAggregates known = decode(in, samples, times.timeMs(begin), times.timeMs(end - 1));
      spans.add(new ChunkAggregates.Span(samples, known));
      begin = end;
    }
    if (begin != times.size()) {
      throw new DamagedBytes("spans have " + begin + " of " + times.size() + " samples");
    }
    return new ChunkAggregates(spans);
  }

  private static @Nullable SampleAggregates decode(
      ByteReader in, int samples, long firstMs, long lastMs) {
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
    boolean restarted = (head & RESTARTED) != 0;
    double correction = restarted ? get(in) : 0;
    int resets = restarted ? in.count(samples, "resets") : 0;
    boolean stale = (head & HAS_STALE) != 0;
    int count = samples - (stale ? in.count(samples - 1, "stale markers") : 0);
    long firstTime = firstMs + (stale ? in.varint() : 0);
    long lastTime = lastMs - (stale ? in.varint() : 0);
    if (firstTime < firstMs || lastTime > lastMs || firstTime > lastTime) {
      throw new DamagedBytes("aggregates from " + firstTime + " to " + lastTime);
    }
    return new SampleAggregates(
        firstTime, lastTime, count, sum, compensation, min, max, first, last, correction, resets);
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
