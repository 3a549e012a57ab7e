// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Counts the families of a length-delimited {@code io.prometheus.client.MetricFamily} stream and
 * the samples their text form has: one for a counter, gauge or untyped; quantiles, sum and count
 * for a summary; buckets (with +Inf), sum and count for a histogram.
 */
record ProtobufCount(int families, int samples) {

  static ProtobufCount of(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    int families = 0;
    int samples = 0;
    while (in.available() > 0) {
      byte[] family = in.readNBytes((int) varint(in));
      families++;
      samples += eachField(family, 4, ProtobufCount::samplesOf);
    }
    return new ProtobufCount(families, samples);
  }

  private static int samplesOf(byte[] metric) throws IOException {
    int single = eachField(metric, 2, bytes -> 1) + eachField(metric, 3, bytes -> 1);
    int untyped = eachField(metric, 5, bytes -> 1);
    int summary = eachField(metric, 4, bytes -> 2 + eachField(bytes, 3, quantile -> 1));
    int histogram = eachField(metric, 7, bytes -> 2 + eachField(bytes, 3, bucket -> 1));
    return single + untyped + summary + histogram;
  }

  private interface Counter {
    int count(byte[] message) throws IOException;
  }

  private static int eachField(byte[] message, int wanted, Counter counter) throws IOException {
    DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(message));
    int sum = 0;
    while (in.available() > 0) {
      long tag = varint(in);
      switch ((int) (tag & 7)) {
        case 0 -> varint(in);
        case 1 -> in.skipNBytes(8);
        case 5 -> in.skipNBytes(4);
        case 2 -> {
          byte[] bytes = in.readNBytes((int) varint(in));
          sum += tag >> 3 == wanted ? counter.count(bytes) : 0;
        }
        default -> throw new IOException("wire type " + (tag & 7));
      }
    }
    return sum;
  }

  private static long varint(DataInputStream in) throws IOException {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.readByte();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }
}
