// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.xerial.snappy.Snappy;

/** Builds a {@code prometheus.WriteRequest} (remote write 1.0) independently of our own decoder. */
public final class RemoteWriteRequest {

  private final ByteArrayOutputStream message = new ByteArrayOutputStream();

  /** Adds one series; {@code times} in milliseconds. */
  public RemoteWriteRequest series(Map<String, String> labels, long[] times, double[] values) {
    ByteArrayOutputStream series = begun(labels);
    for (int i = 0; i < times.length; i++) {
      ByteArrayOutputStream sample = new ByteArrayOutputStream();
      fixed64(sample, 1, values[i]);
      varint(sample, 2 << 3);
      varint(sample, times[i]);
      bytes(series, 2, sample.toByteArray());
    }
    bytes(message, 1, series.toByteArray());
    return this;
  }

  /**
   * Adds a series of one native histogram: schema 0, one positive bucket with all observations, and
   * an exemplar at its time.
   */
  public RemoteWriteRequest histogram(
      Map<String, String> labels, long timeMs, long count, double sum, String traceId) {
    ByteArrayOutputStream series = begun(labels);
    ByteArrayOutputStream exemplar = new ByteArrayOutputStream();
    bytes(exemplar, 1, label("trace_id", traceId));
    fixed64(exemplar, 2, sum);
    varint(exemplar, 3 << 3);
    varint(exemplar, timeMs);
    bytes(series, 3, exemplar.toByteArray());
    ByteArrayOutputStream histogram = new ByteArrayOutputStream();
    varint(histogram, 1 << 3);
    varint(histogram, count);
    fixed64(histogram, 3, sum);
    fixed64(histogram, 5, 0.001);
    ByteArrayOutputStream span = new ByteArrayOutputStream();
    varint(span, 2 << 3);
    varint(span, 1);
    bytes(histogram, 11, span.toByteArray());
    ByteArrayOutputStream deltas = new ByteArrayOutputStream();
    varint(deltas, count << 1);
    bytes(histogram, 12, deltas.toByteArray());
    varint(histogram, 15 << 3);
    varint(histogram, timeMs);
    bytes(series, 4, histogram.toByteArray());
    bytes(message, 1, series.toByteArray());
    return this;
  }

  private static ByteArrayOutputStream begun(Map<String, String> labels) {
    ByteArrayOutputStream series = new ByteArrayOutputStream();
    new TreeMap<>(labels).forEach((name, value) -> bytes(series, 1, label(name, value)));
    return series;
  }

  private static byte[] label(String name, String value) {
    ByteArrayOutputStream label = new ByteArrayOutputStream();
    bytes(label, 1, name.getBytes(StandardCharsets.UTF_8));
    bytes(label, 2, value.getBytes(StandardCharsets.UTF_8));
    return label.toByteArray();
  }

  private static void fixed64(ByteArrayOutputStream out, int field, double value) {
    varint(out, field << 3 | 1);
    long bits = Double.doubleToRawLongBits(value);
    for (int shift = 0; shift < 64; shift += 8) {
      out.write((int) (bits >>> shift));
    }
  }

  public byte[] toProtobuf() {
    return message.toByteArray();
  }

  public byte[] toSnappy() {
    try {
      return Snappy.compress(message.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] content) {
    varint(out, field << 3 | 2);
    varint(out, content.length);
    out.writeBytes(content);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
