// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire.opentsdb;

import io.skopos.metrics.exposition.DecimalNumber;
import io.skopos.metrics.wire.RowSink;
import io.skopos.web.wire.LabelBuffer;
import java.nio.charset.StandardCharsets;

/** Reads {@code put name time value tag=value ...}. Not thread-safe. */
public final class PutLines {

  private static final byte[] METRIC_NAME = "__name__".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PUT = "put".getBytes(StandardCharsets.US_ASCII);

  private final RowSink sink;
  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private int wordFrom;

  public PutLines(RowSink sink) {
    this.sink = sink;
  }

  /**
   * Reads one line.
   *
   * @return what is wrong with it, also told to the sink; empty when nothing is
   */
  public String read(byte[] body, int from, int to, long number) {
    bytes = body;
    at = from;
    end = to;
    String problem = line(number);
    if (!problem.isEmpty()) {
      sink.bad(number, problem);
    }
    return problem;
  }

  private String line(long number) {
    if (!word()) {
      return "";
    }
    if (!java.util.Arrays.equals(bytes, wordFrom, at, PUT, 0, PUT.length)) {
      return "unknown command '" + text() + "'; only put is taken";
    }
    if (!word()) {
      return "it has no metric";
    }
    LabelBuffer labels = sink.labels();
    labels.clear();
    labels.begin(RowSink.NAME);
    labels.append(METRIC_NAME);
    labels.value();
    labels.append(bytes, wordFrom, at - wordFrom);
    labels.end();
    if (!word()) {
      return "it has no time";
    }
    double time = DecimalNumber.parse(bytes, wordFrom, at);
    if (!Double.isFinite(time)) {
      return "the time '" + text() + "' is no number";
    }
    if (!word()) {
      return "it has no value";
    }
    double value = DecimalNumber.parse(bytes, wordFrom, at);
    if (DecimalNumber.isInvalid(value)) {
      return "the value '" + text() + "' is no number";
    }
    while (word()) {
      int equals = wordFrom;
      while (equals < at && bytes[equals] != '=') {
        equals++;
      }
      if (equals == wordFrom || equals == at) {
        return "the tag '" + text() + "' is not of the form name=value";
      }
      labels.begin(RowSink.SENT);
      labels.append(bytes, wordFrom, equals - wordFrom);
      labels.value();
      labels.append(bytes, equals + 1, at - equals - 1);
      labels.end();
    }
    sink.row(number, OpenTsdbTime.toMs(time), value);
    return "";
  }

  private boolean word() {
    while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
      at++;
    }
    wordFrom = at;
    while (at < end && bytes[at] != ' ' && bytes[at] != '\t') {
      at++;
    }
    return at > wordFrom;
  }

  private String text() {
    return new String(bytes, wordFrom, Math.min(at - wordFrom, 100), StandardCharsets.UTF_8);
  }
}
