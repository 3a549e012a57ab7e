// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.histogram.NativeHistogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes histograms that may share a chunk: same kind, schema, zero threshold and custom
 * boundaries, no reset between them. A stale marker may be the last one. Histograms with different
 * buckets get the union of them, with zeros.
 */
final class HistogramEncoder {

  static final int RESET = 0x80;
  static final int NO_RESET = 0x40;
  static final int GAUGE = 0xc0;
  static final int UNKNOWN = 0;

  private final SampleBuffer samples;
  private final int from;
  private final int to;
  private final BitWriter out = new BitWriter();
  private int[] positive = {};
  private int[] negative = {};

  private HistogramEncoder(SampleBuffer samples, int from, int to) {
    this.samples = samples;
    this.from = from;
    this.to = to;
  }

  /**
   * @param flags {@link #RESET} and the like
   */
  static EncodedChunk encode(SampleBuffer samples, int from, int to, int flags) {
    return new HistogramEncoder(samples, from, to).encode(flags);
  }

  private EncodedChunk encode(int flags) {
    NativeHistogram first = at(from);
    if (first == null) {
      throw new IllegalArgumentException("a chunk of histograms begins with one");
    }
    out.bits(to - from, 16);
    out.bits(flags, 8);
    layout(first).write(out);
    if (first.integer()) {
      integers(first);
    } else {
      floats(first);
    }
    return new EncodedChunk(
        first.integer() ? ChunkEncoding.HISTOGRAM : ChunkEncoding.FLOAT_HISTOGRAM,
        samples.timesMs[from],
        samples.timesMs[to - 1],
        to - from,
        out.toByteArray());
  }

  private @Nullable NativeHistogram at(int sample) {
    @Nullable NativeHistogram @Nullable [] column = samples.histograms;
    return column == null ? null : column[sample];
  }

  private HistogramLayout layout(NativeHistogram first) {
    boolean same = true;
    positive = BucketIndices.of(first.positive());
    negative = BucketIndices.of(first.negative());
    for (int i = from + 1; i < to; i++) {
      NativeHistogram next = at(i);
      if (next == null) {
        continue;
      }
      if (!Arrays.equals(next.positive().spans(), first.positive().spans())) {
        positive = BucketIndices.union(positive, BucketIndices.of(next.positive()));
        same = false;
      }
      if (!Arrays.equals(next.negative().spans(), first.negative().spans())) {
        negative = BucketIndices.union(negative, BucketIndices.of(next.negative()));
        same = false;
      }
    }
    return new HistogramLayout(
        first.schema(),
        first.zeroThreshold(),
        same ? first.positive().spans() : BucketIndices.spans(positive),
        same ? first.negative().spans() : BucketIndices.spans(negative),
        first.customValues());
  }

  private void integers(NativeHistogram first) {
    long time = samples.timesMs[from];
    long total = (long) first.count();
    long zeros = (long) first.zeroCount();
    XorState sums = new XorState(first.sum());
    long[] buckets = differences(first);
    long[] steps = new long[buckets.length];
    out.varbitInt(time);
    out.varbitUint(total);
    out.varbitUint(zeros);
    out.float64(first.sum());
    for (long bucket : buckets) {
      out.varbitInt(bucket);
    }
    long timeStep = 0;
    long totalStep = 0;
    long zeroStep = 0;
    for (int i = from + 1; i < to; i++) {
      NativeHistogram next = at(i);
      long step = samples.timesMs[i] - time;
      out.varbitInt(step - timeStep);
      timeStep = step;
      time = samples.timesMs[i];
      if (next == null) {
        out.varbitInt(0);
        out.varbitInt(0);
        sums.write(out, StaleMarker.VALUE);
        continue;
      }
      step = (long) next.count() - total;
      out.varbitInt(step - totalStep);
      totalStep = step;
      total = (long) next.count();
      step = (long) next.zeroCount() - zeros;
      out.varbitInt(step - zeroStep);
      zeroStep = step;
      zeros = (long) next.zeroCount();
      sums.write(out, next.sum());
      long[] now = differences(next);
      for (int j = 0; j < now.length; j++) {
        step = now[j] - buckets[j];
        out.varbitInt(step - steps[j]);
        steps[j] = step;
      }
      buckets = now;
    }
  }

  /** Positive, then negative buckets, each side's as differences to the bucket before. */
  private long[] differences(NativeHistogram histogram) {
    double[] counts = counts(histogram);
    long[] differences = new long[counts.length];
    long before = 0;
    for (int i = 0; i < counts.length; i++) {
      long count = (long) counts[i];
      differences[i] = count - (i == positive.length ? 0 : before);
      before = count;
    }
    return differences;
  }

  private double[] counts(NativeHistogram histogram) {
    double[] counts =
        Arrays.copyOf(side(positive, histogram, true), positive.length + negative.length);
    double[] below = side(negative, histogram, false);
    System.arraycopy(below, 0, counts, positive.length, below.length);
    return counts;
  }

  private static double[] side(int[] indices, NativeHistogram histogram, boolean above) {
    return BucketIndices.countsAt(indices, above ? histogram.positive() : histogram.negative());
  }

  private void floats(NativeHistogram first) {
    long time = samples.timesMs[from];
    out.varbitInt(time);
    XorState total = first(first.count());
    XorState zeros = first(first.zeroCount());
    XorState sums = first(first.sum());
    double[] counts = counts(first);
    XorState[] buckets = new XorState[counts.length];
    for (int i = 0; i < counts.length; i++) {
      buckets[i] = first(counts[i]);
    }
    long timeStep = 0;
    for (int i = from + 1; i < to; i++) {
      NativeHistogram next = at(i);
      long step = samples.timesMs[i] - time;
      out.varbitInt(step - timeStep);
      timeStep = step;
      time = samples.timesMs[i];
      if (next == null) {
        total.write(out, 0);
        zeros.write(out, 0);
        sums.write(out, StaleMarker.VALUE);
        continue;
      }
      total.write(out, next.count());
      zeros.write(out, next.zeroCount());
      sums.write(out, next.sum());
      counts = counts(next);
      for (int j = 0; j < counts.length; j++) {
        buckets[j].write(out, counts[j]);
      }
    }
  }

  private XorState first(double value) {
    out.float64(value);
    return new XorState(value);
  }
}
