// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire.influx;

import io.skopos.metrics.exposition.DecimalNumber;
import io.skopos.metrics.wire.RowSink;
import io.skopos.model.Label;
import io.skopos.web.wire.LabelBuffer;
import io.skopos.web.wire.TextLines;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads {@code measurement,tag=value field=1,other=2i time}. Backslashes escape commas, equals
 * signs and spaces outside of quotes, quotes and themselves within; a backslash before anything
 * else is one. A string that holds no number is no row. Not thread-safe.
 */
public final class InfluxLines {

  private static final byte[] METRIC_NAME = "__name__".getBytes(StandardCharsets.US_ASCII);

  private final Precision precision;
  private final long nowMs;
  private final List<Label> defaults;
  private final RowSink sink;
  private byte[] bytes = new byte[0];
  private int at;
  private int end;

  /**
   * @param nowMs the time of lines without one
   * @param defaults labels of lines that do not send them as tags
   */
  public InfluxLines(Precision precision, long nowMs, List<Label> defaults, RowSink sink) {
    this.precision = precision;
    this.nowMs = nowMs;
    this.defaults = List.copyOf(defaults);
    this.sink = sink;
  }

  /** What is wrong with a line. */
  private static final class BadLine extends Exception {

    private static final long serialVersionUID = 1L;

    private BadLine(String message) {
      super(message, null, false, false);
    }
  }

  public void read(byte[] body, int from, int to) {
    bytes = body;
    TextLines lines = new TextLines(body, from, to);
    while (lines.advance()) {
      at = lines.from();
      end = lines.to();
      skipSpaces();
      if (at == end || bytes[at] == '#') {
        continue;
      }
      try {
        line(lines.number());
      } catch (BadLine e) {
        sink.bad(lines.number(), String.valueOf(e.getMessage()));
      }
    }
  }

  private void line(long number) throws BadLine {
    LabelBuffer labels = sink.labels();
    labels.clear();
    for (Label label : defaults) {
      labels.add(RowSink.SENT - 1, label.name(), label.value());
    }
    int measurement = at;
    int measurementEnd = skipTo(',', ' ', ' ');
    while (at < end && bytes[at] == ',') {
      at++;
      tag(labels);
    }
    if (at == end) {
      throw new BadLine("it has no fields");
    }
    skipSpaces();
    int fields = at;
    int fieldsEnd = skipFields();
    long timeMs = time();
    // The time stands last, and is needed before the first row.
    at = fields;
    end = fieldsEnd;
    fields(labels, number, measurement, measurementEnd, timeMs);
  }

  private void tag(LabelBuffer labels) throws BadLine {
    int key = at;
    int keyEnd = skipTo('=', ',', ' ');
    if (at == end || bytes[at] != '=') {
      throw new BadLine("the tag '" + text(key, keyEnd) + "' has no value");
    }
    if (keyEnd == key) {
      throw new BadLine("a tag has no name");
    }
    at++;
    labels.begin(RowSink.SENT);
    appendUnescaped(labels, key, keyEnd);
    labels.value();
    int value = at;
    appendUnescaped(labels, value, skipTo(',', ' ', ' '));
    labels.end();
  }

  private void fields(
      LabelBuffer labels, long number, int measurement, int measurementEnd, long timeMs)
      throws BadLine {
    long tags = labels.mark();
    while (true) {
      int key = at;
      int keyEnd = skipTo('=', ',', ',');
      if (keyEnd == key || at == end || bytes[at] != '=') {
        throw new BadLine("the field '" + text(key, keyEnd) + "' is not of the form name=value");
      }
      at++;
      int value = at;
      int valueEnd = skipFieldValue();
      double parsed = value(value, valueEnd, key, keyEnd);
      if (!DecimalNumber.isInvalid(parsed)) {
        labels.rewind(tags);
        labels.begin(RowSink.NAME);
        labels.append(METRIC_NAME);
        labels.value();
        appendUnescaped(labels, measurement, measurementEnd);
        if (measurementEnd > measurement) {
          labels.append((byte) '_');
        }
        appendUnescaped(labels, key, keyEnd);
        labels.end();
        sink.row(number, timeMs, parsed);
      }
      if (at == end) {
        return;
      }
      at++;
    }
  }

  /** The invalid number for a string that is none. */
  private double value(int from, int to, int key, int keyEnd) throws BadLine {
    if (to == from) {
      throw new BadLine("the field '" + text(key, keyEnd) + "' has no value");
    }
    byte last = bytes[to - 1];
    if (bytes[from] == '"') {
      if (to - from < 2 || last != '"') {
        throw new BadLine("the string of field '" + text(key, keyEnd) + "' has no end");
      }
      return DecimalNumber.parse(bytes, from + 1, to - 1);
    }
    boolean integer = last == 'i' || last == 'u';
    double parsed = DecimalNumber.parse(bytes, from, integer ? to - 1 : to);
    if (!DecimalNumber.isInvalid(parsed)) {
      return parsed;
    }
    return switch (text(from, to)) {
      case "t", "T", "true", "True", "TRUE" -> 1;
      case "f", "F", "false", "False", "FALSE" -> 0;
      default ->
          throw new BadLine(
              "the value of field '"
                  + text(key, keyEnd)
                  + "' is no number, boolean or string: '"
                  + text(from, to)
                  + "'");
    };
  }

  private long time() throws BadLine {
    skipSpaces();
    int to = end;
    while (to > at && bytes[to - 1] == ' ') {
      to--;
    }
    if (at == to) {
      return nowMs;
    }
    try {
      return precision.toMs(Long.parseLong(text(at, to)));
    } catch (NumberFormatException e) {
      throw new BadLine("the timestamp '" + text(at, to) + "' is no whole number of 64 bits");
    }
  }

  private void skipSpaces() {
    while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
      at++;
    }
  }

  /** Goes to the first of the bytes that is not escaped, or to the end. */
  private int skipTo(char one, char other, char third) {
    while (at < end && bytes[at] != one && bytes[at] != other && bytes[at] != third) {
      at += bytes[at] == '\\' && at + 1 < end ? 2 : 1;
    }
    return at;
  }

  /** Goes behind the last field: to a space outside of quotes. */
  private int skipFields() {
    boolean quoted = false;
    while (at < end && (quoted || bytes[at] != ' ')) {
      if (bytes[at] == '\\' && at + 1 < end) {
        at++;
      } else if (bytes[at] == '"') {
        quoted = !quoted;
      }
      at++;
    }
    return at;
  }

  private int skipFieldValue() {
    boolean quoted = false;
    while (at < end && (quoted || bytes[at] != ',')) {
      if (bytes[at] == '\\' && at + 1 < end) {
        at++;
      } else if (bytes[at] == '"') {
        quoted = !quoted;
      }
      at++;
    }
    return at;
  }

  private void appendUnescaped(LabelBuffer into, int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b == '\\' && i + 1 < to) {
        byte next = bytes[i + 1];
        if (next == ',' || next == '=' || next == ' ' || next == '\\') {
          b = next;
          i++;
        }
      }
      into.append(b);
    }
  }

  private String text(int from, int to) {
    return new String(bytes, from, Math.min(to - from, 100), StandardCharsets.UTF_8);
  }
}
