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
    ByteArrayOutputStream series = new ByteArrayOutputStream();
    new TreeMap<>(labels)
        .forEach((name, value) -> {
          ByteArrayOutputStream label = new ByteArrayOutputStream();
          bytes(label, 1, name.getBytes(StandardCharsets.UTF_8));
          bytes(label, 2, value.getBytes(StandardCharsets.UTF_8));
          bytes(series, 1, label.toByteArray());
        });
    for (int i = 0; i < times.length; i++) {
      ByteArrayOutputStream sample = new ByteArrayOutputStream();
      varint(sample, 1 << 3 | 1);
      long bits = Double.doubleToRawLongBits(values[i]);
      for (int shift = 0; shift < 64; shift += 8) {
        sample.write((int) (bits >>> shift));
      }
      varint(sample, 2 << 3);
      varint(sample, times[i]);
      bytes(series, 2, sample.toByteArray());
    }
    bytes(message, 1, series.toByteArray());
    return this;
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
