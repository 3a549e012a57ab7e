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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A point of a histogram with explicit boundaries: classic series, or one native histogram with
 * custom buckets.
 */
final class HistogramPoint implements PointReader {

  private static final int START = 2 << 3 | ProtobufReader.FIXED64;
  private static final int TIME = 3 << 3 | ProtobufReader.FIXED64;
  private static final int COUNT = 4 << 3 | ProtobufReader.FIXED64;
  private static final int SUM = 5 << 3 | ProtobufReader.FIXED64;
  private static final int BUCKET_COUNTS = 6;
  private static final int EXPLICIT_BOUNDS = 7;
  private static final int EXEMPLARS = 8 << 3 | ProtobufReader.LENGTH;
  private static final int ATTRIBUTES = 9 << 3 | ProtobufReader.LENGTH;
  private static final int FLAGS = 10 << 3 | ProtobufReader.VARINT;

  private static final byte[] LE = "le".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] INFINITY = "+Inf".getBytes(StandardCharsets.US_ASCII);

  private final ProtobufReader in;
  private final PointSink sink;
  private final ExemplarReader exemplarReader;
  private final boolean customBuckets;
  private final Ranges attributes = new Ranges();
  private final Ranges exemplarRanges = new Ranges();
  private final Numbers bucketCounts = new Numbers();
  private final Numbers bounds = new Numbers();
  private byte[][] boundTexts = {};
  private double[] boundsOfTexts = {};
  private long count;
  private double sum;
  private boolean hasSum;

  HistogramPoint(
      ProtobufReader in, PointSink sink, ExemplarReader exemplarReader, boolean customBuckets) {
    this.in = in;
    this.sink = sink;
    this.exemplarReader = exemplarReader;
    this.customBuckets = customBuckets;
  }

  @Override
  public void read(int from, int to, MetricFields metric) throws MalformedMessage, PointRejected {
    attributes.clear();
    exemplarRanges.clear();
    bucketCounts.clear();
    bounds.clear();
    long start = 0;
    long time = 0;
    long flags = 0;
    count = 0;
    sum = 0;
    hasSum = false;
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "HistogramDataPoint");
      switch (tag) {
        case START -> start = in.fixed64(to, "start_time_unix_nano");
        case TIME -> time = in.fixed64(to, "time_unix_nano");
        case COUNT -> count = in.fixed64(to, "count");
        case SUM -> {
          sum = Double.longBitsToDouble(in.fixed64(to, "sum"));
          hasSum = true;
        }
        case FLAGS -> flags = in.varint(to, "flags");
        case ATTRIBUTES -> PointReader.range(in, to, attributes);
        case EXEMPLARS -> PointReader.range(in, to, exemplarRanges);
        default -> {
          switch (tag >>> 3) {
            case BUCKET_COUNTS -> bucketCounts.read(in, tag, to, true, "bucket_counts");
            case EXPLICIT_BOUNDS -> bounds.read(in, tag, to, true, "explicit_bounds");
            default -> in.skip(tag, to, "HistogramDataPoint");
          }
        }
      }
    }
    sink.begin(attributes, start, time, flags, metric.delta());
    if (!sink.stale()) {
      check();
    }
    List<Exemplar> exemplars = exemplars();
    if (customBuckets) {
      writeNative(metric, exemplars);
    } else {
      writeClassic(metric, exemplars);
    }
  }

  private void check() throws PointRejected {
    boolean empty = bucketCounts.size() == 0 && bounds.size() == 0;
    if (!empty && bucketCounts.size() != bounds.size() + 1) {
      throw new PointRejected(
          Rejection.UNSUPPORTED,
          "it has "
              + bucketCounts.size()
              + " bucket_counts and "
              + bounds.size()
              + " explicit_bounds; one more count than bounds is due");
    }
    for (int i = 0; i < bounds.size(); i++) {
      if (Double.isNaN(bounds.real(i)) || (i > 0 && bounds.real(i) <= bounds.real(i - 1))) {
        throw new PointRejected(
            Rejection.UNSUPPORTED, "its explicit_bounds do not ascend at index " + i);
      }
    }
  }

  private List<Exemplar> exemplars() throws MalformedMessage {
    List<Exemplar> found = new ArrayList<>(0);
    for (int i = 0; i < exemplarRanges.size(); i++) {
      Exemplar exemplar =
          exemplarReader.read(exemplarRanges.from(i), exemplarRanges.to(i), sink.timeMs());
      if (exemplar != null) {
        found.add(exemplar);
      }
    }
    return found;
  }

  private void writeClassic(MetricFields metric, List<Exemplar> exemplars) throws PointRejected {
    sink.series(metric.count());
    sink.sample(PointSink.count(count));
    if (hasSum) {
      sink.series(metric.sum());
      sink.sample(sum);
    }
    renderBounds();
    double before = Double.NEGATIVE_INFINITY;
    long cumulative = 0;
    for (int i = 0; i < bounds.size(); i++) {
      double bound = bounds.real(i);
      if (bound == Double.POSITIVE_INFINITY) {
        break;
      }
      cumulative += i < bucketCounts.size() ? bucketCounts.get(i) : 0;
      sink.series(metric.bucket(), LE, boundTexts[i]);
      sink.sample(PointSink.count(cumulative));
      exemplarsWithin(exemplars, before, bound);
      before = bound;
    }
    sink.series(metric.bucket(), LE, INFINITY);
    sink.sample(PointSink.count(count));
    exemplarsWithin(exemplars, before, Double.POSITIVE_INFINITY);
  }

  private void exemplarsWithin(List<Exemplar> exemplars, double above, double upTo) {
    for (Exemplar exemplar : exemplars) {
      if ((exemplar.value() > above && exemplar.value() <= upTo)
          || (upTo == Double.POSITIVE_INFINITY && Double.isNaN(exemplar.value()))) {
        sink.exemplar(exemplar);
      }
    }
  }

  /** Points of one metric mostly have the same boundaries: their texts are made once. */
  private void renderBounds() {
    boolean same = boundsOfTexts.length == bounds.size();
    for (int i = 0; same && i < boundsOfTexts.length; i++) {
      same = Double.doubleToRawLongBits(boundsOfTexts[i]) == bounds.get(i);
    }
    if (same) {
      return;
    }
    boundsOfTexts = new double[bounds.size()];
    boundTexts = new byte[bounds.size()][];
    for (int i = 0; i < boundTexts.length; i++) {
      boundsOfTexts[i] = bounds.real(i);
      boundTexts[i] = DecimalText.plain(bounds.real(i)).getBytes(StandardCharsets.US_ASCII);
    }
  }

  private void writeNative(MetricFields metric, List<Exemplar> exemplars) throws PointRejected {
    if (sink.stale()) {
      sink.series(metric.nameBytes());
      sink.sample(0);
      return;
    }
    if (bounds.size() > 0 && Double.isInfinite(bounds.real(bounds.size() - 1))) {
      throw new PointRejected(
          Rejection.UNSUPPORTED, "its explicit_bounds name +Inf, which is always the last bucket");
    }
    double[] upper = new double[bounds.size()];
    for (int i = 0; i < upper.length; i++) {
      upper[i] = bounds.real(i);
    }
    Buckets buckets =
        bucketCounts.size() == 0 && count != 0
            ? new Buckets(new int[] {0, 1}, new double[] {PointSink.count(count)})
            : ExponentialPoint.buckets(bucketCounts, 0, 0, 0);
    ExponentialPoint.checkCount(count, sum, 0, buckets, Buckets.NONE);
    sink.series(metric.nameBytes());
    sink.histogram(
        new NativeHistogram(
            NativeHistogram.CUSTOM_BUCKETS,
            true,
            metric.delta() ? ResetHint.RESET : ResetHint.UNKNOWN,
            0,
            0,
            PointSink.count(count),
            sum,
            buckets,
            Buckets.NONE,
            upper));
    exemplars.forEach(sink::exemplar);
  }
}
