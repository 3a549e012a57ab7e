// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.storage.bytes.ByteReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads one run's histograms in their order. */
final class HistogramReader {

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Slab slab;
  private byte[] bytes = new byte[512];
  private final ByteReader piece = new ByteReader(bytes, 0, 0);
  private long[] numbers = new long[64];
  private int head;
  private @Nullable HistogramLayout layout;

  HistogramReader(Slab slab) {
    this.slab = slab;
  }

  /** Goes on to the next piece. */
  void advance(int address) {
    MemorySegment from = slab.chunk(address);
    long at = SlabPool.offset(address);
    int layoutAddress = from.get(INT, at);
    int length = from.get(INT, at + 4);
    if (bytes.length < length) {
      bytes = new byte[2 * length];
    }
    MemorySegment.copy(
        from, ValueLayout.JAVA_BYTE, at + HistogramPiece.HEADER_BYTES, bytes, 0, length);
    piece.reset(bytes, 0, length);
    HistogramLayout known = layout;
    if (known == null || known.address() != layoutAddress) {
      known = HistogramLayout.read(slab, layoutAddress);
      layout = known;
    }
    int count = 2 + known.buckets();
    head = piece.uint8();
    if (numbers.length < count) {
      numbers = Arrays.copyOf(numbers, 2 * count);
    }
    if ((head & HistogramPiece.CHANGES) == 0) {
      Arrays.fill(numbers, 0, count, 0);
    }
    int mask = piece.position();
    piece.skip((count + 7) >>> 3);
    for (int i = 0; i < count; i++) {
      if ((bytes[mask + (i >>> 3)] >>> (i & 7) & 1) != 0) {
        if ((head & HistogramPiece.FRACTIONS) != 0) {
          numbers[i] = piece.int64();
        } else {
          numbers[i] += piece.zigzag();
        }
      }
    }
  }

  /** The histogram advanced to. */
  NativeHistogram histogram(double sum) {
    HistogramLayout own = Objects.requireNonNull(layout);
    int positive = own.positiveBuckets();
    return new NativeHistogram(
        own.schema(),
        (head & HistogramPiece.INTEGER) != 0,
        ResetHint.of(head & HistogramPiece.HINT),
        own.zeroThreshold(),
        number(1),
        number(0),
        sum,
        buckets(own.positiveSpans(), 2, positive),
        buckets(own.negativeSpans(), 2 + positive, own.buckets() - positive),
        own.customValues());
  }

  private Buckets buckets(int[] spans, int from, int size) {
    if (spans.length == 0) {
      return Buckets.NONE;
    }
    double[] counts = new double[size];
    for (int i = 0; i < size; i++) {
      counts[i] = number(from + i);
    }
    return new Buckets(spans, counts);
  }

  private double number(int index) {
    return (head & HistogramPiece.FRACTIONS) != 0
        ? Double.longBitsToDouble(numbers[index])
        : numbers[index];
  }
}
