// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import java.nio.charset.StandardCharsets;

/** What a {@code MetricFamily} says about its metrics, as places in the body. Reused. */
final class ProtobufFamily {

  static final int COUNTER = 0;
  static final int GAUGE = 1;
  static final int SUMMARY = 2;
  static final int UNTYPED = 3;
  static final int HISTOGRAM = 4;
  static final int GAUGE_HISTOGRAM = 5;

  private static final String[] TYPES = {
    "counter", "gauge", "summary", "unknown", "histogram", "gaugehistogram"
  };

  byte[] body = new byte[0];
  int nameFrom;
  int nameTo;
  int type;
  private long typeNumber;
  private int helpFrom;
  private int helpTo;
  private int unitFrom;
  private int unitTo;
  private byte[] key = new byte[256];

  void reset(byte[] newBody) {
    body = newBody;
    nameFrom = 0;
    nameTo = 0;
    helpFrom = 0;
    helpTo = 0;
    unitFrom = 0;
    unitTo = 0;
    typeNumber = COUNTER;
    type = COUNTER;
  }

  void name(int from, int to) {
    nameFrom = from;
    nameTo = to;
  }

  void help(int from, int to) {
    helpFrom = from;
    helpTo = to;
  }

  void unit(int from, int to) {
    unitFrom = from;
    unitTo = to;
  }

  void type(long number) {
    typeNumber = number;
    type = number >= 0 && number < TYPES.length ? (int) number : UNTYPED;
  }

  String name() {
    return text(nameFrom, nameTo);
  }

  /** What makes the whole family unreadable; empty when nothing does. */
  String problem() {
    if (nameFrom == nameTo) {
      return "a metric family has no name";
    }
    if (!ProtobufParser.isUtf8(body, nameFrom, nameTo)) {
      return "the name of the metric family '" + name() + "' is not valid UTF-8";
    }
    if (typeNumber != type) {
      return "the metric family '" + name() + "' has the unknown type " + typeNumber;
    }
    if (!ProtobufParser.isUtf8(body, helpFrom, helpTo)) {
      return "the help of the metric family '" + name() + "' is not valid UTF-8";
    }
    return ProtobufParser.isUtf8(body, unitFrom, unitTo)
        ? ""
        : "the unit of the metric family '" + name() + "' is not valid UTF-8";
  }

  /** Tells the sink what the cache does not know from before. */
  void tell(SeriesCache series, ExpositionSink sink) {
    byte[] typeName = TYPES[type].getBytes(StandardCharsets.US_ASCII);
    if (isNew(MetadataField.TYPE, typeName, 0, typeName.length, series)) {
      sink.metadata(MetadataField.TYPE, name(), TYPES[type]);
    }
    if (helpTo > helpFrom && isNew(MetadataField.HELP, body, helpFrom, helpTo, series)) {
      sink.metadata(MetadataField.HELP, name(), text(helpFrom, helpTo));
    }
    if (unitTo > unitFrom && isNew(MetadataField.UNIT, body, unitFrom, unitTo, series)) {
      sink.metadata(MetadataField.UNIT, name(), text(unitFrom, unitTo));
    }
  }

  private boolean isNew(MetadataField field, byte[] text, int from, int to, SeriesCache series) {
    int nameLength = nameTo - nameFrom;
    int length = 3 + nameLength + to - from;
    if (length > key.length) {
      key = new byte[Math.max(length, key.length * 2)];
    }
    // 0xff is in no UTF-8 text, so that no key is that of a line or series.
    key[0] = (byte) 0xff;
    key[1] = (byte) field.ordinal();
    System.arraycopy(body, nameFrom, key, 2, nameLength);
    key[2 + nameLength] = (byte) 0xff;
    System.arraycopy(text, from, key, 3 + nameLength, to - from);
    if (series.exact(key, 0, length) != null) {
      return false;
    }
    series.addMetadata(key, 0, length);
    return true;
  }

  private String text(int from, int to) {
    return new String(body, from, to - from, StandardCharsets.UTF_8);
  }
}
