// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire.graphite;

import io.skopos.metrics.exposition.DecimalNumber;
import io.skopos.metrics.wire.RowSink;
import io.skopos.web.wire.LabelBuffer;
import io.skopos.web.wire.TextLines;
import java.nio.charset.StandardCharsets;

/**
 * Reads {@code name;tag=value 1.5 time}; the time is in seconds, and now when it is missing or -1.
 * Not thread-safe.
 */
public final class GraphiteLines {

  private static final byte[] METRIC_NAME = "__name__".getBytes(StandardCharsets.US_ASCII);

  private final RowSink sink;

  public GraphiteLines(RowSink sink) {
    this.sink = sink;
  }

  /**
   * @param nowMs the time of lines without one
   */
  public void read(byte[] bytes, int from, int to, long nowMs) {
    TextLines lines = new TextLines(bytes, from, to);
    while (lines.advance()) {
      String problem = line(bytes, lines.from(), lines.to(), lines.number(), nowMs);
      if (!problem.isEmpty()) {
        sink.bad(lines.number(), problem);
      }
    }
  }

  /** Empty when there is nothing wrong. */
  private String line(byte[] bytes, int from, int to, long number, long nowMs) {
    int path = skipSpaces(bytes, from, to);
    int pathEnd = skipWord(bytes, path, to);
    int value = skipSpaces(bytes, pathEnd, to);
    int valueEnd = skipWord(bytes, value, to);
    int time = skipSpaces(bytes, valueEnd, to);
    int timeEnd = skipWord(bytes, time, to);
    if (path == pathEnd) {
      return "";
    }
    if (value == valueEnd) {
      return "it has no value";
    }
    if (skipSpaces(bytes, timeEnd, to) != to) {
      return "it has more than name, value and time";
    }
    double parsed = DecimalNumber.parse(bytes, value, valueEnd);
    if (DecimalNumber.isInvalid(parsed)) {
      return "the value '" + text(bytes, value, valueEnd) + "' is no number";
    }
    long timeMs = nowMs;
    if (time < timeEnd) {
      double seconds = DecimalNumber.parse(bytes, time, timeEnd);
      if (!Double.isFinite(seconds)) {
        return "the time '" + text(bytes, time, timeEnd) + "' is no number of seconds";
      }
      timeMs = seconds == -1 ? nowMs : Math.round(seconds * 1000);
    }
    LabelBuffer labels = sink.labels();
    labels.clear();
    String problem = labels(bytes, path, pathEnd, labels);
    if (problem.isEmpty()) {
      sink.row(number, timeMs, parsed);
    }
    return problem;
  }

  private static String labels(byte[] bytes, int from, int to, LabelBuffer labels) {
    int nameEnd = skipTo(bytes, from, to, ';');
    if (nameEnd == from) {
      return "it has no name before its tags";
    }
    labels.begin(RowSink.NAME);
    labels.append(METRIC_NAME);
    labels.value();
    labels.append(bytes, from, nameEnd - from);
    labels.end();
    int at = nameEnd;
    while (at < to) {
      int tag = at + 1;
      int tagEnd = skipTo(bytes, tag, to, ';');
      int equals = skipTo(bytes, tag, tagEnd, '=');
      at = tagEnd;
      if (tag == tagEnd) {
        continue;
      }
      if (equals == tagEnd || equals == tag) {
        return "the tag '" + text(bytes, tag, tagEnd) + "' is not of the form name=value";
      }
      labels.begin(RowSink.SENT);
      labels.append(bytes, tag, equals - tag);
      labels.value();
      labels.append(bytes, equals + 1, tagEnd - equals - 1);
      labels.end();
    }
    return "";
  }

  private static int skipTo(byte[] bytes, int from, int to, char wanted) {
    int at = from;
    while (at < to && bytes[at] != wanted) {
      at++;
    }
    return at;
  }

  private static int skipSpaces(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && (bytes[at] == ' ' || bytes[at] == '\t')) {
      at++;
    }
    return at;
  }

  private static int skipWord(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != ' ' && bytes[at] != '\t') {
      at++;
    }
    return at;
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, Math.min(to - from, 100), StandardCharsets.UTF_8);
  }
}
