// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import io.skopos.model.histogram.NativeHistogram;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What histograms of a series have in common as long as no bucket is added: it stands once in the
 * slab, and every histogram refers to it. Four ints (schema, lengths of both sides' spans, number
 * of custom values), the zero threshold, the spans, the custom values.
 *
 * @param address where it stands
 */
record HistogramLayout(
    int address,
    int schema,
    double zeroThreshold,
    int[] positiveSpans,
    int[] negativeSpans,
    double[] customValues) {

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int SPANS = 24;

  static HistogramLayout write(Slab slab, NativeHistogram histogram) {
    int[] positive = histogram.positive().spans();
    int[] negative = histogram.negative().spans();
    double[] custom = histogram.customValues();
    int address =
        slab.allocate(SPANS + 4 * (positive.length + negative.length) + 8 * custom.length);
    MemorySegment to = slab.chunk(address);
    long at = SlabPool.offset(address);
    to.set(INT, at, histogram.schema());
    to.set(INT, at + 4, positive.length);
    to.set(INT, at + 8, negative.length);
    to.set(INT, at + 12, custom.length);
    to.set(DOUBLE, at + 16, histogram.zeroThreshold());
    at += SPANS;
    MemorySegment.copy(positive, 0, to, INT, at, positive.length);
    at += 4L * positive.length;
    MemorySegment.copy(negative, 0, to, INT, at, negative.length);
    at += 4L * negative.length;
    MemorySegment.copy(custom, 0, to, DOUBLE, at, custom.length);
    return new HistogramLayout(
        address, histogram.schema(), histogram.zeroThreshold(), positive, negative, custom);
  }

  static HistogramLayout read(Slab slab, int address) {
    MemorySegment from = slab.chunk(address);
    long at = SlabPool.offset(address);
    int[] positive = new int[from.get(INT, at + 4)];
    int[] negative = new int[from.get(INT, at + 8)];
    int customValues = from.get(INT, at + 12);
    double[] custom =
        customValues == 0 ? NativeHistogram.NO_CUSTOM_VALUES : new double[customValues];
    int schema = from.get(INT, at);
    double zeroThreshold = from.get(DOUBLE, at + 16);
    at += SPANS;
    MemorySegment.copy(from, INT, at, positive, 0, positive.length);
    at += 4L * positive.length;
    MemorySegment.copy(from, INT, at, negative, 0, negative.length);
    at += 4L * negative.length;
    MemorySegment.copy(from, DOUBLE, at, custom, 0, customValues);
    return new HistogramLayout(address, schema, zeroThreshold, positive, negative, custom);
  }

  boolean fits(NativeHistogram histogram) {
    return hasSameBoundaries(histogram)
        && Arrays.equals(positiveSpans, histogram.positive().spans())
        && Arrays.equals(negativeSpans, histogram.negative().spans());
  }

  /** Whether buckets of the same index mean the same. */
  boolean hasSameBoundaries(NativeHistogram histogram) {
    return schema == histogram.schema()
        && Double.doubleToRawLongBits(zeroThreshold)
            == Double.doubleToRawLongBits(histogram.zeroThreshold())
        && Arrays.equals(customValues, histogram.customValues());
  }

  /** Buckets of both sides. */
  int buckets() {
    return positiveBuckets() + size(negativeSpans);
  }

  int positiveBuckets() {
    return size(positiveSpans);
  }

  private static int size(int[] spans) {
    int size = 0;
    for (int i = 1; i < spans.length; i += 2) {
      size += spans[i];
    }
    return size;
  }
}
