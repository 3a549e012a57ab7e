// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/**
 * A {@code prometheus.WriteRequest} of remote write 1.0 being filled: floats and native histograms,
 * which every receiver since Prometheus 2.40 takes. Start times have no place in it. Not
 * thread-safe.
 */
final class WriteRequest {

  /** Enough to keep a connection busy, little enough for any receiver. */
  private static final int FULL_BYTES = 1 << 20;

  private static final int FULL_SAMPLES = 20_000;

  private final Message message = new Message();
  private int samples;

  boolean isEmpty() {
    return samples == 0;
  }

  boolean isFull() {
    return samples >= FULL_SAMPLES || message.size() >= FULL_BYTES;
  }

  int samples() {
    return samples;
  }

  void clear() {
    message.reset();
    samples = 0;
  }

  byte[] toSnappy() {
    try {
      return Snappy.compress(message.toByteArray());
    } catch (IOException e) {
      throw new TransferFailed("cannot compress: " + e.getMessage(), e);
    }
  }

  /** Adds samples {@code from} to {@code to} (exclusive) of one series. */
  void add(Labels labels, SampleBuffer buffer, int from, int to) {
    Message series = new Message();
    for (Label label : labels) {
      Message pair = new Message();
      pair.text(1, label.name());
      pair.text(2, label.value());
      series.message(1, pair);
    }
    for (int i = from; i < to; i++) {
      @Nullable NativeHistogram @Nullable [] column = buffer.histograms;
      NativeHistogram histogram = column == null ? null : column[i];
      if (histogram != null) {
        series.message(4, histogram(buffer.timesMs[i], histogram));
      } else {
        Message sample = new Message();
        sample.fixed(1, buffer.values[i]);
        sample.number(2, buffer.timesMs[i]);
        series.message(2, sample);
      }
    }
    message.message(1, series);
    samples += to - from;
  }

  private static Message histogram(long timeMs, NativeHistogram histogram) {
    Message out = new Message();
    if (histogram.integer()) {
      out.number(1, (long) histogram.count());
    } else {
      out.fixed(2, histogram.count());
    }
    out.fixed(3, histogram.sum());
    out.zigzag(4, histogram.schema());
    out.fixed(5, histogram.zeroThreshold());
    if (histogram.integer()) {
      out.number(6, (long) histogram.zeroCount());
    } else {
      out.fixed(7, histogram.zeroCount());
    }
    buckets(out, 8, histogram.negative(), histogram.integer());
    buckets(out, 11, histogram.positive(), histogram.integer());
    out.number(14, histogram.resetHint().ordinal());
    out.number(15, timeMs);
    if (histogram.hasCustomBuckets()) {
      Message bounds = new Message();
      for (double bound : histogram.customValues()) {
        bounds.fixedBytes(bound);
      }
      out.message(16, bounds);
    }
    return out;
  }

  /** Spans at {@code field}, then deltas of integers or counts of floats. */
  private static void buckets(Message out, int field, Buckets buckets, boolean integer) {
    int[] spans = buckets.spans();
    for (int i = 0; i < spans.length; i += 2) {
      Message span = new Message();
      span.zigzag(1, spans[i]);
      span.number(2, spans[i + 1]);
      out.message(field, span);
    }
    if (buckets.isEmpty()) {
      return;
    }
    Message counts = new Message();
    long before = 0;
    for (double count : buckets.counts()) {
      if (integer) {
        long delta = (long) count - before;
        counts.varint(delta << 1 ^ delta >> 63);
        before = (long) count;
      } else {
        counts.fixedBytes(count);
      }
    }
    out.message(field + (integer ? 1 : 2), counts);
  }

  /** Protobuf's wire format, as far as it is needed here. */
  private static final class Message extends ByteArrayOutputStream {

    void number(int field, long value) {
      varint((long) field << 3);
      varint(value);
    }

    void zigzag(int field, int value) {
      number(field, (value << 1 ^ value >> 31) & 0xffff_ffffL);
    }

    void fixed(int field, double value) {
      varint((long) field << 3 | 1);
      fixedBytes(value);
    }

    void fixedBytes(double value) {
      long bits = Double.doubleToRawLongBits(value);
      for (int shift = 0; shift < 64; shift += 8) {
        write((int) (bits >>> shift));
      }
    }

    void text(int field, String value) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      varint((long) field << 3 | 2);
      varint(utf8.length);
      write(utf8, 0, utf8.length);
    }

    void message(int field, Message inner) {
      varint((long) field << 3 | 2);
      varint(inner.count);
      write(inner.buf, 0, inner.count);
    }

    void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        write((int) (rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      write((int) rest);
    }
  }
}
