// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

import io.skopos.model.histogram.NativeHistogram;

/**
 * What all histograms of a chunk share.
 *
 * @param positive spans as pairs of offset and length
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record HistogramLayout(
    int schema, double zeroThreshold, int[] positive, int[] negative, double[] customValues) {

  /** Exponents of thresholds that are powers of two and so take one byte. */
  private static final int MIN_EXPONENT = -242;

  private static final int MAX_EXPONENT = 11;
  private static final int EXPONENT_BIAS = 243;
  private static final int OTHER_THRESHOLD = 255;
  private static final long MAX_DECIMAL_BOUND = 33_554_430;

  /** Prometheus' schemas up to here are reserved; a reader must reduce them. */
  private static final int MAX_RESERVED_SCHEMA = 52;

  static final HistogramLayout EMPTY =
      new HistogramLayout(0, 0, new int[0], new int[0], NativeHistogram.NO_CUSTOM_VALUES);

  static HistogramLayout read(BitReader in) {
    double zeroThreshold = readThreshold(in);
    long schema = in.varbitInt();
    boolean custom = schema == NativeHistogram.CUSTOM_BUCKETS;
    if (schema > NativeHistogram.MAX_SCHEMA && schema <= MAX_RESERVED_SCHEMA) {
      throw new DamagedChunk(
          "the histogram schema " + schema + " is finer than 8, the finest that is supported");
    }
    if (!custom && (schema < NativeHistogram.MIN_SCHEMA || schema > NativeHistogram.MAX_SCHEMA)) {
      throw new DamagedChunk("there is no histogram schema " + schema);
    }
    int[] positive = readSpans(in);
    int[] negative = readSpans(in);
    double[] customValues = custom ? readBounds(in) : NativeHistogram.NO_CUSTOM_VALUES;
    return new HistogramLayout((int) schema, zeroThreshold, positive, negative, customValues);
  }

  void write(BitWriter out) {
    writeThreshold(out);
    out.varbitInt(schema);
    writeSpans(out, positive);
    writeSpans(out, negative);
    if (schema == NativeHistogram.CUSTOM_BUCKETS) {
      out.varbitUint(customValues.length);
      for (double bound : customValues) {
        writeBound(out, bound);
      }
    }
  }

  int positiveBuckets() {
    return buckets(positive);
  }

  int negativeBuckets() {
    return buckets(negative);
  }

  private static int buckets(int[] spans) {
    int count = 0;
    for (int i = 1; i < spans.length; i += 2) {
      count += spans[i];
    }
    return count;
  }

  private static double readThreshold(BitReader in) {
    int first = (int) in.bits(8);
    return first == 0
        ? 0
        : first == OTHER_THRESHOLD ? in.float64() : Math.scalb(0.5, first - EXPONENT_BIAS);
  }

  private void writeThreshold(BitWriter out) {
    if (zeroThreshold == 0) {
      out.bits(0, 8);
      return;
    }
    // The threshold is 0.5 * 2^exponent when it is a power of two.
    int exponent = Math.getExponent(zeroThreshold) + 1;
    if (exponent >= MIN_EXPONENT
        && exponent <= MAX_EXPONENT
        && Math.scalb(0.5, exponent) == zeroThreshold) {
      out.bits(exponent + EXPONENT_BIAS, 8);
    } else {
      out.bits(OTHER_THRESHOLD, 8);
      out.float64(zeroThreshold);
    }
  }

  private static int[] readSpans(BitReader in) {
    long count = in.varbitUint();
    // A span takes two bits at least, and a bucket one: what says more lies.
    if (count < 0 || count > in.remaining() / 2) {
      throw new DamagedChunk("a histogram has " + Long.toUnsignedString(count) + " spans");
    }
    int[] spans = new int[(int) count * 2];
    long buckets = 0;
    for (int i = 0; i < spans.length; i += 2) {
      long length = in.varbitUint();
      long offset = in.varbitInt();
      buckets += length;
      if (length < 0 || buckets > in.remaining()) {
        throw new DamagedChunk(
            "the spans of a histogram have more buckets than the chunk has bits");
      }
      if (offset < Integer.MIN_VALUE || offset > Integer.MAX_VALUE || (i > 0 && offset < 0)) {
        throw new DamagedChunk("span " + i / 2 + " of a histogram has the offset " + offset);
      }
      spans[i] = (int) offset;
      spans[i + 1] = (int) length;
    }
    return spans;
  }

  private static void writeSpans(BitWriter out, int[] spans) {
    out.varbitUint(spans.length / 2);
    for (int i = 0; i < spans.length; i += 2) {
      out.varbitUint(spans[i + 1]);
      out.varbitInt(spans[i]);
    }
  }

  private static double[] readBounds(BitReader in) {
    long count = in.varbitUint();
    if (count < 0 || count > in.remaining() / 5) {
      throw new DamagedChunk(
          "a histogram has " + Long.toUnsignedString(count) + " custom boundaries");
    }
    double[] bounds = new double[(int) count];
    for (int i = 0; i < bounds.length; i++) {
      long decimal = in.varbitUint();
      bounds[i] = decimal == 0 ? in.float64() : (decimal - 1) / 1000.0;
    }
    return bounds;
  }

  /** Boundaries of up to three decimals, as people choose them, are short. */
  private static void writeBound(BitWriter out, double bound) {
    long thousandths = Math.round(bound * 1000);
    boolean decimal =
        bound >= 0 && thousandths <= MAX_DECIMAL_BOUND && thousandths / 1000.0 == bound;
    if (decimal && Double.doubleToRawLongBits(bound) != Double.doubleToRawLongBits(-0.0)) {
      out.varbitUint(thousandths + 1);
    } else {
      out.bit(false);
      out.float64(bound);
    }
  }
}
