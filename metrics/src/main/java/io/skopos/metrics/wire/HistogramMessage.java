// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;

/** Writes the fields of remote write's and remote read's {@code Histogram}, but for its times. */
final class HistogramMessage {

  private HistogramMessage() {}

  static void write(ProtobufWriter out, NativeHistogram histogram) {
    boolean integer = histogram.integer();
    if (integer) {
      out.integer(1, (long) histogram.count());
    } else {
      out.float64(2, histogram.count());
    }
    out.float64(3, histogram.sum());
    out.zigzag(4, histogram.schema());
    out.float64(5, histogram.zeroThreshold());
    if (integer) {
      out.integer(6, (long) histogram.zeroCount());
    } else {
      out.float64(7, histogram.zeroCount());
    }
    buckets(out, histogram.negative(), integer, 8);
    buckets(out, histogram.positive(), integer, 11);
    out.integer(14, histogram.resetHint().ordinal());
    if (histogram.customValues().length > 0) {
      int values = out.begin(16);
      for (double bound : histogram.customValues()) {
        out.bareFloat64(bound);
      }
      out.end(values);
    }
  }

  /**
   * @param field of the spans; deltas and counts are the next two
   */
  private static void buckets(ProtobufWriter out, Buckets buckets, boolean integer, int field) {
    if (buckets.isEmpty()) {
      return;
    }
    int[] spans = buckets.spans();
    for (int i = 0; i < spans.length; i += 2) {
      int span = out.begin(field);
      out.zigzag(1, spans[i]);
      out.integer(2, spans[i + 1]);
      out.end(span);
    }
    int counts = out.begin(integer ? field + 1 : field + 2);
    long before = 0;
    for (double count : buckets.counts()) {
      if (integer) {
        out.varint(ProtobufWriter.zigzag((long) count - before));
        before = (long) count;
      } else {
        out.bareFloat64(count);
      }
    }
    out.end(counts);
  }
}
