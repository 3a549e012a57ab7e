// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.Arrays;

/** What neighbouring histograms of a series have in common: which buckets there are. */
record HistogramLayout(
    int schema,
    double zeroThreshold,
    int[] positiveSpans,
    int positiveBuckets,
    int[] negativeSpans,
    int negativeBuckets,
    double[] customValues) {

  static HistogramLayout of(NativeHistogram histogram) {
    return new HistogramLayout(
        histogram.schema(),
        histogram.zeroThreshold(),
        histogram.positive().spans(),
        histogram.positive().size(),
        histogram.negative().spans(),
        histogram.negative().size(),
        histogram.customValues());
  }

  boolean fits(NativeHistogram histogram) {
    return schema == histogram.schema()
        && Double.doubleToRawLongBits(zeroThreshold)
            == Double.doubleToRawLongBits(histogram.zeroThreshold())
        && Arrays.equals(positiveSpans, histogram.positive().spans())
        && Arrays.equals(negativeSpans, histogram.negative().spans())
        && Arrays.equals(customValues, histogram.customValues());
  }

  /** Count, zero count and buckets. */
  int numbers() {
    return 2 + positiveBuckets + negativeBuckets;
  }

  void write(ByteWriter out) {
    out.zigzag(schema);
    out.int64(Double.doubleToRawLongBits(zeroThreshold));
    spans(positiveSpans, out);
    spans(negativeSpans, out);
    out.varint(customValues.length);
    for (double value : customValues) {
      out.int64(Double.doubleToRawLongBits(value));
    }
  }

  private static void spans(int[] spans, ByteWriter out) {
    out.varint(spans.length / 2);
    for (int i = 0; i < spans.length; i += 2) {
      out.zigzag(spans[i]);
      out.varint(spans[i + 1]);
    }
  }

  static HistogramLayout read(ByteReader in) {
    long schema = in.zigzag();
    boolean custom = schema == NativeHistogram.CUSTOM_BUCKETS;
    if (!custom && (schema < NativeHistogram.MIN_SCHEMA || schema > NativeHistogram.MAX_SCHEMA)) {
      throw new DamagedBytes("a histogram has the schema " + schema);
    }
    double zeroThreshold = Double.longBitsToDouble(in.int64());
    int[] positive = spans(in);
    int[] negative = spans(in);
    int values = in.count(Math.min(SampleBatch.MAX_BUCKETS, in.remaining() / 8), "custom values");
    double[] customValues = values == 0 ? NativeHistogram.NO_CUSTOM_VALUES : new double[values];
    for (int i = 0; i < values; i++) {
      customValues[i] = Double.longBitsToDouble(in.int64());
    }
    return new HistogramLayout(
        (int) schema,
        zeroThreshold,
        positive,
        buckets(positive),
        negative,
        buckets(negative),
        customValues);
  }

  private static int[] spans(ByteReader in) {
    int count = in.count(Math.min(SampleBatch.MAX_BUCKETS, in.remaining() / 2), "spans");
    int[] spans = new int[2 * count];
    for (int i = 0; i < count; i++) {
      long offset = in.zigzag();
      if (offset != (int) offset || (i > 0 && offset < 0)) {
        throw new DamagedBytes("a span of buckets begins at " + offset);
      }
      spans[2 * i] = (int) offset;
      spans[2 * i + 1] = in.count(SampleBatch.MAX_BUCKETS, "buckets of a span");
    }
    return spans;
  }

  private static int buckets(int[] spans) {
    long buckets = 0;
    for (int i = 1; i < spans.length; i += 2) {
      buckets += spans[i];
    }
    if (buckets > SampleBatch.MAX_BUCKETS) {
      throw new DamagedBytes("a histogram has " + buckets + " buckets");
    }
    return (int) buckets;
  }
}
