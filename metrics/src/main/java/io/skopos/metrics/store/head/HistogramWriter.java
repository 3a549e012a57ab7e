// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.storage.bytes.ByteWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the histograms and starts of one head's runs. What it must know of a run's histogram and
 * start before stands in the run's state in the slab. The head's writer's.
 */
final class HistogramWriter {

  // The state of a run.
  private static final int STATE_BYTES = 32;
  private static final int LAST_START = 0;
  private static final int LAYOUT = 8;
  private static final int LAST_HEAD = 12;
  private static final int NUMBERS = 16;
  private static final int CAPACITY = 20;

  /** Whether the run's last sample is a histogram. */
  private static final int IS_LAST = 24;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Slab slab;
  private final long dayStartMs;
  private final ByteWriter piece = new ByteWriter(512);

  /** Count, zero count, positive buckets, negative buckets: values, then as they are stored. */
  private double[] values = new double[64];

  private long[] numbers = new long[64];
  private @Nullable HistogramLayout layout;

  HistogramWriter(Slab slab, long dayStartMs) {
    this.slab = slab;
    this.dayStartMs = dayStartMs;
  }

  /**
   * Puts the histogram, if any, and the start in front of the sample that the run gets next.
   *
   * @param startMs 0 for none
   */
  void attach(int run, @Nullable NativeHistogram histogram, long startMs) {
    int state = SampleRun.extension(slab, run);
    if (state == 0) {
      if (histogram == null && startMs == 0) {
        return;
      }
      state = newState();
      SampleRun.extension(slab, run, state);
    }
    MemorySegment s = slab.chunk(state);
    long at = SlabPool.offset(state);
    if (startMs != s.get(LONG, at + LAST_START)) {
      attachStart(run, startMs);
      s.set(LONG, at + LAST_START, startMs);
    }
    if (histogram == null) {
      s.set(INT, at + IS_LAST, 0);
    } else {
      SampleRun.attach(slab, run, SampleRun.HISTOGRAM, append(state, histogram));
    }
  }

  private int newState() {
    int state = slab.allocate(STATE_BYTES);
    slab.chunk(state).asSlice(SlabPool.offset(state), STATE_BYTES).fill((byte) 0);
    return state;
  }

  private void attachStart(int run, long startMs) {
    long ofDay = startMs - dayStartMs;
    if (ofDay == (int) ofDay) {
      SampleRun.attach(slab, run, SampleRun.START_OF_DAY, ofDay);
    } else {
      SampleRun.attach(slab, run, SampleRun.START, startMs);
    }
  }

  /** What the run got last is not what its next sample followed. */
  void forgetHistogram(int run) {
    int state = SampleRun.extension(slab, run);
    if (state != 0) {
      slab.chunk(state).set(INT, SlabPool.offset(state) + IS_LAST, 0);
    }
  }

  /** The address of the histogram's piece. */
  private int append(int state, NativeHistogram histogram) {
    MemorySegment s = slab.chunk(state);
    long at = SlabPool.offset(state);
    int lastLayout = s.get(INT, at + LAYOUT);
    int lastHead = s.get(INT, at + LAST_HEAD);
    boolean follows = s.get(INT, at + IS_LAST) != 0;
    HistogramLayout before = lastLayout == 0 ? null : layout(lastLayout);
    HistogramLayout own = layoutFor(histogram, before);
    int count = gather(histogram);
    boolean whole = true;
    for (int i = 0; i < count && whole; i++) {
      whole = HistogramPiece.isWhole(values[i]);
    }
    for (int i = 0; i < count; i++) {
      numbers[i] = whole ? (long) values[i] : Double.doubleToRawLongBits(values[i]);
    }
    int head =
        (histogram.integer() ? HistogramPiece.INTEGER : 0) | (whole ? 0 : HistogramPiece.FRACTIONS);
    ResetHint hint = histogram.resetHint();
    if (hint == ResetHint.UNKNOWN || hint == ResetHint.NO_RESET) {
      boolean isCounterBefore =
          follows
              && (lastHead & HistogramPiece.HINT) != ResetHint.GAUGE.ordinal()
              && (lastHead & HistogramPiece.INTEGER) == (head & HistogramPiece.INTEGER);
      hint =
          isCounterBefore && before != null && goesOn(s, at, lastHead, before, own, histogram)
              ? ResetHint.NO_RESET
              : ResetHint.UNKNOWN;
    }
    head |= hint.ordinal();
    if (own.address() == lastLayout
        && (lastHead & HistogramPiece.FRACTIONS) == (head & HistogramPiece.FRACTIONS)) {
      head |= HistogramPiece.CHANGES;
    }
    int stored = numbers(s, at, count);
    encode(head, count, stored);
    s.set(INT, at + LAYOUT, own.address());
    s.set(INT, at + LAST_HEAD, head);
    s.set(INT, at + IS_LAST, 1);
    return store(own.address());
  }

  private HistogramLayout layout(int address) {
    HistogramLayout known = layout;
    return known != null && known.address() == address
        ? known
        : HistogramLayout.read(slab, address);
  }

  /** The run's own, or the one used last in this head: neighbours often have the same. */
  private HistogramLayout layoutFor(NativeHistogram histogram, @Nullable HistogramLayout before) {
    HistogramLayout found = layout;
    if (before != null && before.fits(histogram)) {
      found = before;
    } else if (found == null || !found.fits(histogram)) {
      found = HistogramLayout.write(slab, histogram);
    }
    layout = found;
    return found;
  }

  private int gather(NativeHistogram histogram) {
    double[] positive = histogram.positive().counts();
    double[] negative = histogram.negative().counts();
    int count = 2 + positive.length + negative.length;
    if (values.length < count) {
      values = new double[2 * count];
      numbers = new long[2 * count];
    }
    values[0] = histogram.count();
    values[1] = histogram.zeroCount();
    System.arraycopy(positive, 0, values, 2, positive.length);
    System.arraycopy(negative, 0, values, 2 + positive.length, negative.length);
    return count;
  }

  /** Whether no number fell, so that the counter has not been reset in between. */
  private boolean goesOn(
      MemorySegment s,
      long at,
      int lastHead,
      HistogramLayout before,
      HistogramLayout own,
      NativeHistogram histogram) {
    if (before != own && !before.hasSameBoundaries(histogram)) {
      return false;
    }
    int address = s.get(INT, at + NUMBERS);
    MemorySegment n = slab.chunk(address);
    long from = SlabPool.offset(address);
    boolean fractions = (lastHead & HistogramPiece.FRACTIONS) != 0;
    int positive = 2 + before.positiveBuckets();
    int end = 2 + before.buckets();
    if (before == own) {
      for (int i = 0; i < end; i++) {
        if (!(values[i] >= last(n, from, i, fractions))) {
          return false;
        }
      }
      return true;
    }
    return values[0] >= last(n, from, 0, fractions)
        && values[1] >= last(n, from, 1, fractions)
        && goOn(n, from, fractions, 2, before.positiveSpans(), histogram.positive())
        && goOn(n, from, fractions, positive, before.negativeSpans(), histogram.negative());
  }

  private static double last(MemorySegment n, long from, int index, boolean fractions) {
    long number = n.get(LONG, from + 8L * index);
    return fractions ? Double.longBitsToDouble(number) : number;
  }

  /** Whether each bucket before is there now, if it had any, and has not fallen. */
  private static boolean goOn(
      MemorySegment n, long from, boolean fractions, int first, int[] spans, Buckets now) {
    BucketCursor cursor = new BucketCursor(now);
    int place = first;
    long index = 0;
    for (int span = 0; span < spans.length; span += 2) {
      index += spans[span];
      for (int i = 0; i < spans[span + 1]; i++) {
        if (!(cursor.count(index++) >= last(n, from, place++, fractions))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Looks up buckets by ascending index. */
  private static final class BucketCursor {

    private final int[] spans;
    private final double[] counts;
    private int span;
    private long start;
    private int firstCount;

    BucketCursor(Buckets buckets) {
      spans = buckets.spans();
      counts = buckets.counts();
      start = spans.length == 0 ? 0 : spans[0];
    }

    /** 0 for a bucket that is in no span. */
    double count(long index) {
      while (span < spans.length) {
        int length = spans[span + 1];
        if (index < start) {
          return 0;
        }
        if (index < start + length) {
          return counts[firstCount + (int) (index - start)];
        }
        firstCount += length;
        span += 2;
        start += length + (span < spans.length ? spans[span] : 0L);
      }
      return 0;
    }
  }

  /** Where the run keeps its numbers, with room for as many. */
  private int numbers(MemorySegment s, long at, int count) {
    int address = s.get(INT, at + NUMBERS);
    if (s.get(INT, at + CAPACITY) < count) {
      int capacity = Math.max(count + count / 4, 8);
      address = slab.allocate(8 * capacity);
      s.set(INT, at + NUMBERS, address);
      s.set(INT, at + CAPACITY, capacity);
    }
    return address;
  }

  /** Fills {@link #piece} and puts the numbers in place of those before. */
  private void encode(int head, int count, int stored) {
    MemorySegment n = slab.chunk(stored);
    long at = SlabPool.offset(stored);
    boolean changes = (head & HistogramPiece.CHANGES) != 0;
    piece.clear();
    piece.int8(head);
    int maskAt = piece.size;
    int maskBytes = (count + 7) >>> 3;
    piece.ensure(maskBytes);
    Arrays.fill(piece.bytes, maskAt, maskAt + maskBytes, (byte) 0);
    piece.size += maskBytes;
    for (int i = 0; i < count; i++, at += 8) {
      long before = changes ? n.get(LONG, at) : 0;
      if (numbers[i] != before) {
        piece.bytes[maskAt + (i >>> 3)] |= (byte) (1 << (i & 7));
        if ((head & HistogramPiece.FRACTIONS) != 0) {
          piece.int64(numbers[i]);
        } else {
          piece.zigzag(numbers[i] - before);
        }
      }
      n.set(LONG, at, numbers[i]);
    }
  }

  private int store(int layoutAddress) {
    int address = slab.allocate(HistogramPiece.HEADER_BYTES + piece.size);
    MemorySegment to = slab.chunk(address);
    long at = SlabPool.offset(address);
    to.set(INT, at, layoutAddress);
    to.set(INT, at + 4, piece.size);
    MemorySegment.copy(
        piece.bytes, 0, to, ValueLayout.JAVA_BYTE, at + HistogramPiece.HEADER_BYTES, piece.size);
    return address;
  }
}
