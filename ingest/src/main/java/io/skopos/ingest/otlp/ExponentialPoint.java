// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.metrics.store.Exemplar;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.web.receive.Rejection;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import it.unimi.dsi.fastutil.ints.IntArrayList;

/**
 * A point of an exponential histogram: one native histogram. A scale finer than the finest schema
 * is made coarser by joining neighbouring buckets, which loses nothing but resolution.
 */
final class ExponentialPoint implements PointReader {

  private static final int ATTRIBUTES = 1 << 3 | ProtobufReader.LENGTH;
  private static final int START = 2 << 3 | ProtobufReader.FIXED64;
  private static final int TIME = 3 << 3 | ProtobufReader.FIXED64;
  private static final int COUNT = 4 << 3 | ProtobufReader.FIXED64;
  private static final int SUM = 5 << 3 | ProtobufReader.FIXED64;
  private static final int SCALE = 6 << 3 | ProtobufReader.VARINT;
  private static final int ZERO_COUNT = 7 << 3 | ProtobufReader.FIXED64;
  private static final int POSITIVE = 8 << 3 | ProtobufReader.LENGTH;
  private static final int NEGATIVE = 9 << 3 | ProtobufReader.LENGTH;
  private static final int FLAGS = 10 << 3 | ProtobufReader.VARINT;
  private static final int EXEMPLARS = 11 << 3 | ProtobufReader.LENGTH;
  private static final int ZERO_THRESHOLD = 14 << 3 | ProtobufReader.FIXED64;

  private static final int OFFSET = 1 << 3 | ProtobufReader.VARINT;
  private static final int BUCKET_COUNTS = 2;

  /** Prometheus' width of a zero bucket whose sender gives none. */
  private static final double DEFAULT_ZERO_THRESHOLD = 1e-128;

  private final ProtobufReader in;
  private final PointSink sink;
  private final ExemplarReader exemplarReader;
  private final Ranges attributes = new Ranges();
  private final Ranges exemplars = new Ranges();
  private final Side positive = new Side();
  private final Side negative = new Side();

  private static final class Side {
    private final Numbers counts = new Numbers();
    private long offset;
  }

  ExponentialPoint(ProtobufReader in, PointSink sink, ExemplarReader exemplarReader) {
    this.in = in;
    this.sink = sink;
    this.exemplarReader = exemplarReader;
  }

  @Override
  public void read(int from, int to, MetricFields metric) throws MalformedMessage, PointRejected {
    attributes.clear();
    exemplars.clear();
    clear(positive);
    clear(negative);
    long start = 0;
    long time = 0;
    long flags = 0;
    long count = 0;
    long zeroCount = 0;
    double sum = 0;
    double zeroThreshold = 0;
    long scale = 0;
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "ExponentialHistogramDataPoint");
      switch (tag) {
        case START -> start = in.fixed64(to, "start_time_unix_nano");
        case TIME -> time = in.fixed64(to, "time_unix_nano");
        case COUNT -> count = in.fixed64(to, "count");
        case SUM -> sum = Double.longBitsToDouble(in.fixed64(to, "sum"));
        case SCALE -> scale = zigZag(in.varint(to, "scale"));
        case ZERO_COUNT -> zeroCount = in.fixed64(to, "zero_count");
        case ZERO_THRESHOLD ->
            zeroThreshold = Double.longBitsToDouble(in.fixed64(to, "zero_threshold"));
        case POSITIVE -> side(in.enter(to, "positive"), positive);
        case NEGATIVE -> side(in.enter(to, "negative"), negative);
        case FLAGS -> flags = in.varint(to, "flags");
        case ATTRIBUTES -> PointReader.range(in, to, attributes);
        case EXEMPLARS -> PointReader.range(in, to, exemplars);
        default -> in.skip(tag, to, "ExponentialHistogramDataPoint");
      }
    }
    sink.begin(attributes, start, time, flags, metric.delta());
    if (sink.stale()) {
      sink.series(metric.nameBytes());
      sink.sample(0);
      return;
    }
    if (scale < NativeHistogram.MIN_SCHEMA) {
      throw new PointRejected(
          Rejection.UNSUPPORTED,
          "its scale "
              + scale
              + " is below "
              + NativeHistogram.MIN_SCHEMA
              + ", the coarsest there is");
    }
    if (!(zeroThreshold >= 0) || Double.isInfinite(zeroThreshold)) {
      throw new PointRejected(
          Rejection.UNSUPPORTED, "its zero_threshold " + zeroThreshold + " is not a width");
    }
    int schema = (int) Math.min(scale, NativeHistogram.MAX_SCHEMA);
    int shift = (int) Math.min(62, scale - schema);
    // Bucket i of OTLP ends where bucket i + 1 of Prometheus does.
    Buckets above = buckets(positive.counts, positive.offset, shift, 1);
    Buckets below = buckets(negative.counts, negative.offset, shift, 1);
    checkCount(count, sum, zeroCount, above, below);
    sink.series(metric.nameBytes());
    sink.histogram(
        new NativeHistogram(
            schema,
            true,
            metric.delta() ? ResetHint.RESET : ResetHint.UNKNOWN,
            zeroThreshold == 0 ? DEFAULT_ZERO_THRESHOLD : zeroThreshold,
            PointSink.count(zeroCount),
            PointSink.count(count),
            sum,
            above,
            below,
            NativeHistogram.NO_CUSTOM_VALUES));
    for (int i = 0; i < exemplars.size(); i++) {
      Exemplar exemplar = exemplarReader.read(exemplars.from(i), exemplars.to(i), sink.timeMs());
      if (exemplar != null) {
        sink.exemplar(exemplar);
      }
    }
  }

  private static void clear(Side side) {
    side.counts.clear();
    side.offset = 0;
  }

  private void side(int end, Side into) throws MalformedMessage {
    while (in.at < end) {
      int tag = in.tag(end, "Buckets");
      if (tag == OFFSET) {
        into.offset = zigZag(in.varint(end, "offset"));
      } else if (tag >>> 3 == BUCKET_COUNTS) {
        into.counts.read(in, tag, end, false, "bucket_counts");
      } else {
        in.skip(tag, end, "Buckets");
      }
    }
  }

  private static int zigZag(long encoded) {
    int bits = (int) encoded;
    return bits >>> 1 ^ -(bits & 1);
  }

  /**
   * Counts as spans, those of 2^shift neighbours joined and empty ones left out.
   *
   * @param added to each index behind the joining
   */
  static Buckets buckets(Numbers counts, long offset, int shift, int added) throws PointRejected {
    if (offset + counts.size() + added > Integer.MAX_VALUE) {
      throw new PointRejected(
          Rejection.UNSUPPORTED, "the offset " + offset + " of its buckets is too large");
    }
    IntArrayList spans = new IntArrayList();
    DoubleArrayList values = new DoubleArrayList();
    long lastIndex = 0;
    for (int i = 0; i < counts.size(); i++) {
      long count = counts.get(i);
      if (count == 0) {
        continue;
      }
      long index = ((offset + i) >> shift) + added;
      int last = values.size() - 1;
      if (last >= 0 && index == lastIndex) {
        values.set(last, values.getDouble(last) + PointSink.count(count));
        continue;
      }
      if (last >= 0 && index == lastIndex + 1) {
        spans.set(spans.size() - 1, spans.getInt(spans.size() - 1) + 1);
      } else {
        spans.add((int) (last < 0 ? index : index - lastIndex - 1));
        spans.add(1);
      }
      values.add(PointSink.count(count));
      lastIndex = index;
    }
    return values.isEmpty()
        ? Buckets.NONE
        : new Buckets(spans.toIntArray(), values.toDoubleArray());
  }

  /** NaN observations are counted and in no bucket. */
  static void checkCount(long count, double sum, long zeroCount, Buckets above, Buckets below)
      throws PointRejected {
    double inBuckets = PointSink.count(zeroCount);
    for (double value : above.counts()) {
      inBuckets += value;
    }
    for (double value : below.counts()) {
      inBuckets += value;
    }
    double all = PointSink.count(count);
    boolean empty = above.isEmpty() && below.isEmpty() && zeroCount == 0;
    if (!empty && (Double.isNaN(sum) ? inBuckets > all : inBuckets != all)) {
      throw new PointRejected(
          Rejection.UNSUPPORTED,
          "its count is "
              + Long.toUnsignedString(count)
              + " and its buckets hold "
              + DecimalText.plain(inBuckets));
    }
  }
}
