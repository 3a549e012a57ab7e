// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.metrics.wire.ProtoSchema;
import io.skopos.metrics.wire.ProtoSchema.Message;
import java.io.ByteArrayOutputStream;

/** The messages of a protobuf exposition, and their stream. */
public final class MetricFamilies {

  /** Numbers of repeated fields are written one by one here, packed in {@link #PACKED}. */
  public static final ProtoSchema UNPACKED = schema("*");

  public static final ProtoSchema PACKED = schema("*packed");

  private final ByteArrayOutputStream stream = new ByteArrayOutputStream();

  private static ProtoSchema schema(String repeated) {
    return new ProtoSchema(
        """
        Label: bytes name 1, bytes value 2
        Time: int64 seconds 1, int32 nanos 2
        Gauge: double value 1
        Counter: double value 1, Exemplar exemplar 2, Time created 3
        Quantile: double quantile 1, double value 2
        Summary: uint64 count 1, double sum 2, Quantile* quantile 3, Time created 4
        Exemplar: Label* label 1, double value 2, Time time 3
        Bucket: uint64 count 1, double bound 2, Exemplar exemplar 3, double count_float 4
        Span: sint32 offset 1, uint32 length 2
        Histogram: uint64 count 1, double sum 2, Bucket* bucket 3, double count_float 4, sint32 schema 5, \
        double zero_threshold 6, uint64 zero_count 7, double zero_count_float 8, Span* negative_span 9, \
        sint64R negative_delta 10, doubleR negative_count 11, Span* positive_span 12, sint64R positive_delta 13, \
        doubleR positive_count 14, Time created 15, Exemplar* exemplars 16
        Metric: Label* label 1, Gauge gauge 2, Counter counter 3, Summary summary 4, Gauge untyped 5, \
        int64 timestamp_ms 6, Histogram histogram 7
        Family: bytes name 1, bytes help 2, uint32 type 3, Metric* metric 4, bytes unit 5
        """
            .replace("64R", "64" + repeated)
            .replace("doubleR", "double" + repeated));
  }

  public static Message message(String name) {
    return UNPACKED.message(name);
  }

  public static Message metric(String... namesAndValues) {
    return labelled("Metric", namesAndValues);
  }

  public static Message labelled(String message, String... namesAndValues) {
    Message built = message(message);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      built.with(
          "label",
          message("Label").with("name", namesAndValues[i]).with("value", namesAndValues[i + 1]));
    }
    return built;
  }

  public static Message time(long millis) {
    return message("Time")
        .with("seconds", Math.floorDiv(millis, 1000L))
        .with("nanos", Math.floorMod(millis, 1000L) * 1_000_000);
  }

  public MetricFamilies family(String name, int type, Message... metrics) {
    return add(
        message("Family")
            .with("name", name)
            .with("type", type)
            .with("metric", (Object[]) metrics)
            .bytes());
  }

  public MetricFamilies add(byte[] family) {
    int length = family.length;
    while ((length & ~0x7f) != 0) {
      stream.write(length & 0x7f | 0x80);
      length >>>= 7;
    }
    stream.write(length);
    stream.writeBytes(family);
    return this;
  }

  public byte[] bytes() {
    return stream.toByteArray();
  }
}
