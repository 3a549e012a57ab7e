// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.TimeRange;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.web.receive.Rejection;
import io.skopos.web.wire.LabelBuffer;
import io.skopos.web.wire.MalformedMessage;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Labels and times of the point that is being read, and the batch it goes to. Not thread-safe. */
final class PointSink {

  /** Ranks of labels; those of points are {@link LabelBuffer#JOINED}, between the first two. */
  static final int PROMOTED = 0;

  static final int SCOPE = 2;
  static final int TARGET = 3;
  private static final int OWN = 4;

  private static final byte[] METRIC_NAME = "__name__".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NO_PREFIX = {};
  private static final long NANOS_PER_MS = 1_000_000;

  /** The flag of a point that says "nothing was recorded". */
  private static final long NO_RECORDED_VALUE = 1;

  private final LabelBuffer labels;
  private final Attributes attributes;
  private final SampleBatch batch;
  private long shared;
  private long ofPoint;
  private long timeMs;
  private long startMs;
  private boolean stale;
  private long minTimeMs;
  private long maxTimeMs;

  PointSink(LabelBuffer labels, Attributes attributes, SampleBatch batch) {
    this.labels = labels;
    this.attributes = attributes;
    this.batch = batch;
  }

  /** The labels in the buffer now are those that all points have until the next call. */
  void shareLabels() {
    shared = labels.mark();
  }

  void beginResource() {
    minTimeMs = Long.MAX_VALUE;
    maxTimeMs = Long.MIN_VALUE;
  }

  /** Earliest time of a point of the resource; the greatest number when there was none. */
  long minTimeMs() {
    return minTimeMs;
  }

  long maxTimeMs() {
    return maxTimeMs;
  }

  /** Begins a point. Of a delta the start is never missing, see docs/decisions/otlp.md. */
  void begin(Ranges pointAttributes, long startNanos, long timeNanos, long flags, boolean delta)
      throws MalformedMessage, PointRejected {
    if (timeNanos == 0) {
      throw new PointRejected(Rejection.TIME, "it has no time_unix_nano");
    }
    timeMs = Long.divideUnsigned(timeNanos, NANOS_PER_MS);
    if (!TimeRange.STORABLE.contains(timeMs)) {
      throw new PointRejected(
          Rejection.TIME,
          "its time_unix_nano " + Long.toUnsignedString(timeNanos) + " is too late");
    }
    long start = Long.divideUnsigned(startNanos, NANOS_PER_MS);
    startMs = start < timeMs ? start : delta ? timeMs - 1 : 0;
    if (delta && startNanos == 0) {
      startMs = timeMs - 1;
    }
    stale = (flags & NO_RECORDED_VALUE) != 0;
    labels.rewind(shared);
    for (int i = 0; i < pointAttributes.size(); i++) {
      attributes.read(pointAttributes.from(i), pointAttributes.to(i));
      attributes.addTo(labels, LabelBuffer.JOINED, NO_PREFIX);
    }
    ofPoint = labels.mark();
  }

  long timeMs() {
    return timeMs;
  }

  boolean stale() {
    return stale;
  }

  /** Begins a series of the point: its own labels, the name, and one more. */
  void series(byte[] name, byte @Nullable [] label, byte[] value) throws PointRejected {
    labels.rewind(ofPoint);
    labels.add(OWN, METRIC_NAME, name);
    if (label != null) {
      labels.add(OWN, label, value);
    }
    String problem = labels.canonicalize();
    if (problem != null) {
      throw new PointRejected(Rejection.LABELS, problem);
    }
    batch.series(labels.canonical(), 0, labels.canonicalLength());
  }

  void series(byte[] name) throws PointRejected {
    series(name, null, NO_PREFIX);
  }

  void sample(double value) {
    minTimeMs = Math.min(minTimeMs, timeMs);
    maxTimeMs = Math.max(maxTimeMs, timeMs);
    if (stale) {
      batch.sample(timeMs, StaleMarker.VALUE);
    } else {
      batch.sample(timeMs, value, startMs);
    }
  }

  void histogram(NativeHistogram histogram) throws PointRejected {
    String tooLarge = SampleBatch.tooLarge(histogram);
    if (tooLarge != null) {
      throw new PointRejected(Rejection.UNSUPPORTED, tooLarge);
    }
    minTimeMs = Math.min(minTimeMs, timeMs);
    maxTimeMs = Math.max(maxTimeMs, timeMs);
    batch.histogram(timeMs, histogram, startMs);
  }

  void exemplar(Exemplar exemplar) {
    batch.exemplar(exemplar);
  }

  /** The point's attributes for a message, cut to a readable length. */
  String shown() {
    return labels.shown();
  }

  /** An unsigned 64-bit count; exact up to 2^53. */
  static double count(long unsigned) {
    return unsigned >= 0 ? unsigned : (unsigned >>> 1 | unsigned & 1) * 2.0;
  }
}
