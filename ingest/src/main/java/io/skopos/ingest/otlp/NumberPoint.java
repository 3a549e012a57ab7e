// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.metrics.store.Exemplar;
import io.skopos.web.receive.Rejection;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;

/** A point of a gauge or sum: one sample. */
final class NumberPoint implements PointReader {

  private static final int START = 2 << 3 | ProtobufReader.FIXED64;
  private static final int TIME = 3 << 3 | ProtobufReader.FIXED64;
  private static final int AS_DOUBLE = 4 << 3 | ProtobufReader.FIXED64;
  private static final int EXEMPLARS = 5 << 3 | ProtobufReader.LENGTH;
  private static final int AS_INT = 6 << 3 | ProtobufReader.FIXED64;
  private static final int ATTRIBUTES = 7 << 3 | ProtobufReader.LENGTH;
  private static final int FLAGS = 8 << 3 | ProtobufReader.VARINT;

  private final ProtobufReader in;
  private final PointSink sink;
  private final ExemplarReader exemplarReader;
  private final Ranges attributes = new Ranges();
  private final Ranges exemplars = new Ranges();

  NumberPoint(ProtobufReader in, PointSink sink, ExemplarReader exemplarReader) {
    this.in = in;
    this.sink = sink;
    this.exemplarReader = exemplarReader;
  }

  @Override
  public void read(int from, int to, MetricFields metric) throws MalformedMessage, PointRejected {
    attributes.clear();
    exemplars.clear();
    long start = 0;
    long time = 0;
    long flags = 0;
    double value = 0;
    boolean valued = false;
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "NumberDataPoint");
      switch (tag) {
        case START -> start = in.fixed64(to, "start_time_unix_nano");
        case TIME -> time = in.fixed64(to, "time_unix_nano");
        case AS_DOUBLE -> {
          value = Double.longBitsToDouble(in.fixed64(to, "as_double"));
          valued = true;
        }
        case AS_INT -> {
          value = in.fixed64(to, "as_int");
          valued = true;
        }
        case FLAGS -> flags = in.varint(to, "flags");
        case ATTRIBUTES -> PointReader.range(in, to, attributes);
        case EXEMPLARS -> PointReader.range(in, to, exemplars);
        default -> in.skip(tag, to, "NumberDataPoint");
      }
    }
    sink.begin(attributes, start, time, flags, metric.delta());
    if (!valued && !sink.stale()) {
      throw new PointRejected(Rejection.UNSUPPORTED, "it has neither as_double nor as_int");
    }
    sink.series(metric.nameBytes());
    sink.sample(value);
    for (int i = 0; i < exemplars.size(); i++) {
      Exemplar exemplar = exemplarReader.read(exemplars.from(i), exemplars.to(i), sink.timeMs());
      if (exemplar != null) {
        sink.exemplar(exemplar);
      }
    }
  }
}
