// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.tsdb.chunk.EncodedChunk;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Writes what remote read answers: {@code ReadResponse}, or frames of chunks. */
public final class ReadResponse {

  private ReadResponse() {}

  /** A {@code TimeSeries} of a {@code QueryResult}. */
  public static void series(ProtobufWriter out, Labels labels, SampleBuffer samples) {
    int series = out.begin(1);
    labels(out, labels);
    @Nullable NativeHistogram @Nullable [] histograms = samples.histograms;
    for (int i = 0; i < samples.size; i++) {
      if (histograms == null || histograms[i] == null) {
        int sample = out.begin(2);
        out.float64(1, samples.values[i]);
        out.integer(2, samples.timesMs[i]);
        out.end(sample);
      }
    }
    for (int i = 0; histograms != null && i < samples.size; i++) {
      NativeHistogram histogram = histograms[i];
      if (histogram != null) {
        int message = out.begin(4);
        HistogramMessage.write(out, histogram);
        out.integer(15, samples.timesMs[i]);
        out.end(message);
      }
    }
    out.end(series);
  }

  /** A {@code ChunkedReadResponse} with some chunks of one series. */
  public static void chunks(
      ProtobufWriter out, Labels labels, List<EncodedChunk> chunks, int queryIndex) {
    int series = out.begin(1);
    labels(out, labels);
    for (EncodedChunk chunk : chunks) {
      int message = out.begin(2);
      out.integer(1, chunk.minTimeMs());
      out.integer(2, chunk.maxTimeMs());
      out.integer(3, chunk.encoding().code());
      out.bytes(4, chunk.data());
      out.end(message);
    }
    out.end(series);
    out.integer(2, queryIndex);
  }

  /** Puts a message into a frame of its own: length, CRC-32C (big-endian), message. */
  public static void frame(ProtobufWriter message, ProtobufWriter into) {
    CRC32C checksum = new CRC32C();
    checksum.update(message.bytes(), 0, message.size());
    int crc = (int) checksum.getValue();
    into.varint(message.size());
    into.raw(
        new byte[] {(byte) (crc >>> 24), (byte) (crc >>> 16), (byte) (crc >>> 8), (byte) crc},
        0,
        4);
    into.raw(message.bytes(), 0, message.size());
  }

  private static void labels(ProtobufWriter out, Labels labels) {
    labels.forEach(label -> {
      int message = out.begin(1);
      out.text(1, label.name());
      out.text(2, label.value());
      out.end(message);
    });
  }
}
