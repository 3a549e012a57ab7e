// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;

/**
 * Integer and float histograms, with and without start times. A stale histogram becomes a stale
 * marker. As in Prometheus the hint of a chunk's first histogram is dropped, because the chunk
 * before may be missing, and the others are known to follow without a reset.
 */
final class HistogramDecoder {

  private static final int RESET_BITS = 0xc0;
  private static final int GAUGE_BITS = 0xc0;

  private final boolean integer;
  private final BitReader in;
  private final int count;
  private final boolean gauge;
  private final StartDecoder starts;
  private final boolean withStarts;
  private HistogramLayout layout = HistogramLayout.EMPTY;

  private HistogramDecoder(
      byte[] bytes, int offset, int length, boolean integer, boolean withStarts) {
    this.integer = integer;
    this.withStarts = withStarts;
    in = new BitReader(bytes, offset, length);
    int head = (int) in.bits(16);
    int third = (int) in.bits(8);
    // With starts the hint moves into the count's first bits, and the third byte is the starts'.
    count = withStarts ? head & 0x3fff : head;
    gauge = ((withStarts ? head >> 8 : third) & RESET_BITS) == GAUGE_BITS;
    starts = new StartDecoder(withStarts ? third : 0);
  }

  static void decode(
      byte[] bytes,
      int offset,
      int length,
      boolean integer,
      boolean withStarts,
      SampleBuffer into) {
    HistogramDecoder decoder = new HistogramDecoder(bytes, offset, length, integer, withStarts);
    if (decoder.count > 0) {
      decoder.layout = HistogramLayout.read(decoder.in);
      if (integer) {
        decoder.integers(into);
      } else {
        decoder.floats(into);
      }
    }
  }

  private void integers(SampleBuffer into) {
    int positives = layout.positiveBuckets();
    long[] buckets = new long[positives + layout.negativeBuckets()];
    long[] steps = new long[buckets.length];
    long time = in.varbitInt();
    long total = in.varbitUint();
    long zeros = in.varbitUint();
    XorState sums = new XorState(in.float64());
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = in.varbitInt();
    }
    addIntegers(into, 0, time, 0, total, zeros, sums.value(), buckets, positives);
    long timeStep = 0;
    long totalStep = 0;
    long zeroStep = 0;
    for (int i = 1; i < count; i++) {
      long previous = time;
      timeStep += in.varbitInt();
      time += timeStep;
      totalStep += in.varbitInt();
      total += totalStep;
      zeroStep += in.varbitInt();
      zeros += zeroStep;
      if (!StaleMarker.is(sums.read(in))) {
        for (int j = 0; j < buckets.length; j++) {
          steps[j] += in.varbitInt();
          buckets[j] += steps[j];
        }
      }
      addIntegers(into, i, time, previous, total, zeros, sums.value(), buckets, positives);
    }
  }

  /**
   * @param buckets each as the difference to the one before it
   */
  private void addIntegers(
      SampleBuffer into,
      int index,
      long time,
      long previous,
      long total,
      long zeros,
      double sum,
      long[] buckets,
      int positives) {
    if (StaleMarker.is(sum)) {
      into.add(time, sum, null, start(index, time, previous));
      return;
    }
    double[] positive = absolute(buckets, 0, positives);
    double[] negative = absolute(buckets, positives, buckets.length);
    add(into, index, time, previous, unsigned(total), unsigned(zeros), sum, positive, negative);
  }

  private static double[] absolute(long[] differences, int from, int to) {
    double[] counts = new double[to - from];
    long current = 0;
    for (int i = from; i < to; i++) {
      current += differences[i];
      counts[i - from] = current;
    }
    return counts;
  }

  private static double unsigned(long value) {
    return value >= 0 ? value : (value >>> 1 | value & 1) * 2.0;
  }

  private void floats(SampleBuffer into) {
    int positives = layout.positiveBuckets();
    long time = in.varbitInt();
    XorState total = new XorState(in.float64());
    XorState zeros = new XorState(in.float64());
    XorState sums = new XorState(in.float64());
    XorState[] buckets = new XorState[positives + layout.negativeBuckets()];
    if (buckets.length * 64L > in.remaining() && !StaleMarker.is(sums.value())) {
      throw new DamagedChunk("the bits end early: " + buckets.length + " buckets were wanted");
    }
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new XorState(in.float64());
    }
    addFloats(into, 0, time, 0, total, zeros, sums, buckets, positives);
    long timeStep = 0;
    for (int i = 1; i < count; i++) {
      long previous = time;
      timeStep += in.varbitInt();
      time += timeStep;
      double unusedTotal = total.read(in);
      double unusedZeros = zeros.read(in);
      if (!StaleMarker.is(sums.read(in))) {
        for (XorState bucket : buckets) {
          double unused = bucket.read(in);
        }
      }
      addFloats(into, i, time, previous, total, zeros, sums, buckets, positives);
    }
  }

  private void addFloats(
      SampleBuffer into,
      int index,
      long time,
      long previous,
      XorState total,
      XorState zeros,
      XorState sums,
      XorState[] buckets,
      int positives) {
    if (StaleMarker.is(sums.value())) {
      into.add(time, sums.value(), null, start(index, time, previous));
      return;
    }
    double[] positive = new double[positives];
    double[] negative = new double[buckets.length - positives];
    for (int i = 0; i < buckets.length; i++) {
      if (i < positives) {
        positive[i] = buckets[i].value();
      } else {
        negative[i - positives] = buckets[i].value();
      }
    }
    add(
        into,
        index,
        time,
        previous,
        total.value(),
        zeros.value(),
        sums.value(),
        positive,
        negative);
  }

  private void add(
      SampleBuffer into,
      int index,
      long time,
      long previous,
      double total,
      double zeros,
      double sum,
      double[] positive,
      double[] negative) {
    ResetHint hint = gauge ? ResetHint.GAUGE : index > 0 ? ResetHint.NO_RESET : ResetHint.UNKNOWN;
    NativeHistogram histogram =
        new NativeHistogram(
            layout.schema(),
            integer,
            hint,
            layout.zeroThreshold(),
            zeros,
            total,
            sum,
            positive.length == 0 ? Buckets.NONE : new Buckets(layout.positive(), positive),
            negative.length == 0 ? Buckets.NONE : new Buckets(layout.negative(), negative),
            layout.customValues());
    into.add(time, sum, histogram, start(index, time, previous));
  }

  private long start(int index, long time, long previous) {
    return withStarts ? starts.read(in, index, time, previous) : 0;
  }
}
