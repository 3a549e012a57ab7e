// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import java.nio.charset.StandardCharsets;

/** A point of a summary: sum, count, and one series per quantile. */
final class SummaryPoint implements PointReader {

  private static final int START = 2 << 3 | ProtobufReader.FIXED64;
  private static final int TIME = 3 << 3 | ProtobufReader.FIXED64;
  private static final int COUNT = 4 << 3 | ProtobufReader.FIXED64;
  private static final int SUM = 5 << 3 | ProtobufReader.FIXED64;
  private static final int QUANTILES = 6 << 3 | ProtobufReader.LENGTH;
  private static final int ATTRIBUTES = 7 << 3 | ProtobufReader.LENGTH;
  private static final int FLAGS = 8 << 3 | ProtobufReader.VARINT;

  private static final int QUANTILE = 1 << 3 | ProtobufReader.FIXED64;
  private static final int VALUE = 2 << 3 | ProtobufReader.FIXED64;

  private static final byte[] LABEL = "quantile".getBytes(StandardCharsets.US_ASCII);

  private final ProtobufReader in;
  private final PointSink sink;
  private final Ranges attributes = new Ranges();
  private final Ranges quantiles = new Ranges();

  SummaryPoint(ProtobufReader in, PointSink sink) {
    this.in = in;
    this.sink = sink;
  }

  @Override
  public void read(int from, int to, MetricFields metric) throws MalformedMessage, PointRejected {
    attributes.clear();
    quantiles.clear();
    long start = 0;
    long time = 0;
    long flags = 0;
    long count = 0;
    double sum = 0;
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "SummaryDataPoint");
      switch (tag) {
        case START -> start = in.fixed64(to, "start_time_unix_nano");
        case TIME -> time = in.fixed64(to, "time_unix_nano");
        case COUNT -> count = in.fixed64(to, "count");
        case SUM -> sum = Double.longBitsToDouble(in.fixed64(to, "sum"));
        case FLAGS -> flags = in.varint(to, "flags");
        case ATTRIBUTES -> PointReader.range(in, to, attributes);
        case QUANTILES -> PointReader.range(in, to, quantiles);
        default -> in.skip(tag, to, "SummaryDataPoint");
      }
    }
    sink.begin(attributes, start, time, flags, metric.delta());
    sink.series(metric.count());
    sink.sample(PointSink.count(count));
    sink.series(metric.sum());
    sink.sample(sum);
    for (int i = 0; i < quantiles.size(); i++) {
      quantile(quantiles.from(i), quantiles.to(i), metric);
    }
  }

  private void quantile(int from, int to, MetricFields metric)
      throws MalformedMessage, PointRejected {
    double quantile = 0;
    double value = 0;
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "ValueAtQuantile");
      switch (tag) {
        case QUANTILE -> quantile = Double.longBitsToDouble(in.fixed64(to, "quantile"));
        case VALUE -> value = Double.longBitsToDouble(in.fixed64(to, "value"));
        default -> in.skip(tag, to, "ValueAtQuantile");
      }
    }
    byte[] text = DecimalText.plain(quantile).getBytes(StandardCharsets.US_ASCII);
    sink.series(metric.nameBytes(), LABEL, text);
    sink.sample(value);
  }
}
