// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire.csv;

import io.skopos.metrics.exposition.DecimalNumber;
import io.skopos.metrics.wire.RowSink;
import io.skopos.web.wire.LabelBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads lines of columns separated by commas; a column in double quotes may hold commas, newlines
 * and doubled quotes (RFC 4180). An empty metric column gives no row. Not thread-safe.
 */
public final class CsvLines {

  private final CsvFormat format;
  private final long nowMs;
  private final RowSink sink;
  private final List<String> columns = new ArrayList<>();
  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private long line;
  private boolean unclosed;

  /**
   * @param nowMs the time of lines when the format names none
   */
  public CsvLines(CsvFormat format, long nowMs, RowSink sink) {
    this.format = format;
    this.nowMs = nowMs;
    this.sink = sink;
  }

  public void read(byte[] body, int from, int to) {
    bytes = body;
    at = from;
    end = to;
    line = 1;
    while (at < end) {
      long number = line;
      readColumns();
      boolean empty = columns.size() == 1 && columns.getFirst().isEmpty();
      if (unclosed) {
        sink.bad(number, "a quoted column has no end");
      } else if (!empty) {
        rows(number);
      }
    }
  }

  private void rows(long number) {
    LabelBuffer labels = sink.labels();
    labels.clear();
    long timeMs = nowMs;
    int last = format.columns().getLast().position();
    if (columns.size() < last) {
      sink.bad(number, "it has " + columns.size() + " columns, the format names column " + last);
      return;
    }
    for (CsvFormat.Column column : format.columns()) {
      String text = columns.get(column.position() - 1);
      switch (column) {
        case CsvFormat.LabelColumn label -> labels.add(RowSink.SENT, label.name(), text);
        case CsvFormat.TimeColumn time -> {
          try {
            timeMs = time.format().toMs(text);
          } catch (IllegalArgumentException | ArithmeticException e) {
            sink.bad(number, String.valueOf(e.getMessage()));
            return;
          }
        }
        case CsvFormat.MetricColumn _ -> {}
      }
    }
    metrics(labels, number, timeMs);
  }

  private void metrics(LabelBuffer labels, long number, long timeMs) {
    long mark = labels.mark();
    for (CsvFormat.Column column : format.columns()) {
      if (!(column instanceof CsvFormat.MetricColumn metric)) {
        continue;
      }
      byte[] text = columns.get(column.position() - 1).strip().getBytes(StandardCharsets.UTF_8);
      if (text.length == 0) {
        continue;
      }
      double value = DecimalNumber.parse(text, 0, text.length);
      if (DecimalNumber.isInvalid(value)) {
        sink.bad(
            number,
            "column "
                + column.position()
                + " is no number: '"
                + columns.get(column.position() - 1)
                + "'");
        continue;
      }
      labels.rewind(mark);
      labels.add(RowSink.NAME, "__name__", metric.name());
      sink.row(number, timeMs, value);
    }
  }

  private void readColumns() {
    columns.clear();
    unclosed = false;
    while (true) {
      columns.add(at < end && bytes[at] == '"' ? quoted() : plain());
      if (at < end && bytes[at] == ',') {
        at++;
        continue;
      }
      if (at < end) {
        line++;
        at++;
      }
      return;
    }
  }

  private String plain() {
    int from = at;
    while (at < end && bytes[at] != ',' && bytes[at] != '\n') {
      at++;
    }
    boolean carriageReturn = at > from && bytes[at - 1] == '\r' && (at == end || bytes[at] == '\n');
    int to = carriageReturn ? at - 1 : at;
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  private String quoted() {
    byte[] content = new byte[16];
    int length = 0;
    at++;
    while (at < end && (bytes[at] != '"' || (at + 1 < end && bytes[at + 1] == '"'))) {
      if (bytes[at] == '"') {
        at++;
      } else if (bytes[at] == '\n') {
        line++;
      }
      if (length == content.length) {
        content = Arrays.copyOf(content, length * 2);
      }
      content[length++] = bytes[at++];
    }
    unclosed |= at >= end;
    at++;
    // What stands between the closing quote and the comma is dropped, mostly a carriage return.
    while (at < end && bytes[at] != ',' && bytes[at] != '\n') {
      at++;
    }
    at = Math.min(at, end);
    return new String(content, 0, length, StandardCharsets.UTF_8);
  }
}
