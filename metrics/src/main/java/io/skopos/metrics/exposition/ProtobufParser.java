// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import io.skopos.web.wire.Utf8Check;

/**
 * Reads {@code io.prometheus.client.MetricFamily} messages, each behind its length. A family is
 * walked twice, because its unit stands behind its metrics.
 */
final class ProtobufParser implements ExpositionParser {

  private static final String FAMILY = "MetricFamily";
  private static final int NAME = 1 << 3 | ProtobufReader.LENGTH;
  private static final int HELP = 2 << 3 | ProtobufReader.LENGTH;
  private static final int TYPE = 3 << 3 | ProtobufReader.VARINT;
  private static final int METRIC = 4 << 3 | ProtobufReader.LENGTH;
  private static final int UNIT = 5 << 3 | ProtobufReader.LENGTH;

  private final ProtobufReader in = new ProtobufReader("stream of metric families");
  private final ProtobufFamily family = new ProtobufFamily();
  private final ProtobufMetric metric;

  ProtobufParser(ExpositionOptions options) {
    this.metric = new ProtobufMetric(in, options);
  }

  @Override
  public void parse(byte[] body, int offset, int length, SeriesCache series, ExpositionSink sink)
      throws ExpositionException {
    in.reset(body, offset);
    series.beginParse();
    int end = offset + length;
    while (in.at < end) {
      int familyEnd = end;
      try {
        familyEnd = in.enter(end, "a metric family");
        family(familyEnd, series, sink);
      } catch (MalformedMessage e) {
        ExpositionException problem = new ExpositionException(String.valueOf(e.getMessage()));
        if (!sink.badLine(problem)) {
          throw problem;
        }
        // The lengths still tell where the next one begins, unless this was the length.
        in.at = familyEnd;
      }
    }
  }

  private void family(int end, SeriesCache series, ExpositionSink sink)
      throws MalformedMessage, ExpositionException {
    int from = in.at;
    describe(end);
    String problem = family.problem();
    if (!problem.isEmpty()) {
      ExpositionException bad = new ExpositionException(problem);
      if (!sink.badLine(bad)) {
        throw bad;
      }
      in.at = end;
      return;
    }
    family.tell(series, sink);
    in.at = from;
    while (in.at < end) {
      int tag = in.tag(end, FAMILY);
      if (tag != METRIC) {
        in.skip(tag, end, FAMILY);
        continue;
      }
      int metricEnd = in.enter(end, "a metric");
      try {
        metric.read(metricEnd, family, series, sink);
      } catch (ExpositionException bad) {
        if (!sink.badLine(bad)) {
          throw bad;
        }
      }
      in.at = metricEnd;
    }
  }

  /** The first walk: all but the metrics. */
  private void describe(int end) throws MalformedMessage {
    family.reset(in.bytes);
    while (in.at < end) {
      int tag = in.tag(end, FAMILY);
      switch (tag) {
        case NAME -> {
          int to = in.enter(end, "a family's name");
          family.name(in.at, to);
          in.at = to;
        }
        case HELP -> {
          int to = in.enter(end, "a family's help");
          family.help(in.at, to);
          in.at = to;
        }
        case UNIT -> {
          int to = in.enter(end, "a family's unit");
          family.unit(in.at, to);
          in.at = to;
        }
        case TYPE -> family.type(in.varint(end, "a family's type"));
        case METRIC -> in.at = in.enter(end, "a metric");
        default -> {
          if (tag >>> 3 <= 5) {
            throw in.wrongType(tag, FAMILY);
          }
          in.skip(tag, end, FAMILY);
        }
      }
    }
  }

  static boolean isUtf8(byte[] bytes, int from, int to) {
    return Utf8Check.isValid(bytes, from, to - from);
  }
}
