// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import java.nio.charset.StandardCharsets;

/**
 * Reads {@code # HELP}, {@code # TYPE} and {@code # UNIT} lines; other comments are passed over.
 */
final class MetadataLine {

  private static final byte[] HELP = "HELP".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TYPE = "TYPE".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] UNIT = "UNIT".getBytes(StandardCharsets.US_ASCII);

  private final ExpositionFormat format;
  private final boolean strict;
  private MetadataField field = MetadataField.HELP;
  private String family = "";
  private String text = "";

  MetadataLine(ExpositionFormat format, boolean strict) {
    this.format = format;
    this.strict = strict;
  }

  MetadataField field() {
    return field;
  }

  String family() {
    return family;
  }

  String text() {
    return text;
  }

  /**
   * Reads the line at the cursor, which stands at its {@code #}, up to its end. False for a comment
   * that means nothing.
   */
  boolean read(Cursor cursor) throws ExpositionException {
    boolean read = format == ExpositionFormat.TEXT ? readText(cursor) : readOpenMetrics(cursor);
    while (!cursor.atLineEnd()) {
      cursor.at++;
    }
    return read;
  }

  private boolean readText(Cursor cursor) throws ExpositionException {
    cursor.at++;
    if (cursor.peek() != ' ' && cursor.peek() != '\t') {
      return false;
    }
    cursor.skipBlanks();
    if (!word(cursor) || field == MetadataField.UNIT) {
      return false;
    }
    cursor.at += 4;
    if (cursor.peek() != ' ' && cursor.peek() != '\t') {
      return false;
    }
    cursor.skipBlanks();
    if (cursor.atLineEnd()) {
      return false;
    }
    name(cursor);
    cursor.skipBlanks();
    int from = cursor.at;
    int to = from;
    while (to < cursor.end && cursor.body[to] != '\n') {
      to++;
    }
    if (to > from && cursor.body[to - 1] == '\r') {
      to--;
    }
    if (to == from && field == MetadataField.TYPE) {
      throw cursor.failure("no type after the name '" + family + "'");
    }
    content(cursor, from, to);
    return true;
  }

  private boolean readOpenMetrics(Cursor cursor) throws ExpositionException {
    int start = cursor.at;
    cursor.at++;
    boolean known = cursor.peek() == ' ';
    if (known) {
      cursor.at++;
      known = word(cursor);
    }
    if (known) {
      cursor.at += 4;
      known = cursor.peek() == ' ';
    }
    if (!known) {
      throw cursor.failureAt(
          start, "comments other than # HELP, # TYPE, # UNIT and # EOF are not OpenMetrics");
    }
    cursor.at++;
    name(cursor);
    if (cursor.peek() != ' ') {
      throw cursor.failure("expected a space and a text after the name, got " + cursor.found());
    }
    int from = cursor.at + 1;
    int to = from;
    while (to < cursor.end && cursor.body[to] != '\n') {
      to++;
    }
    if (to == cursor.end) {
      throw cursor.failure("the body ends inside a metadata line; it may have been cut off");
    }
    content(cursor, from, to);
    return true;
  }

  private boolean word(Cursor cursor) {
    if (cursor.startsWith(HELP)) {
      field = MetadataField.HELP;
    } else if (cursor.startsWith(TYPE)) {
      field = MetadataField.TYPE;
    } else if (cursor.startsWith(UNIT)) {
      field = MetadataField.UNIT;
    } else {
      return false;
    }
    return true;
  }

  private void name(Cursor cursor) throws ExpositionException {
    int from = cursor.at;
    if (cursor.peek() == '"' && !strict) {
      int to = from + 1;
      while (to < cursor.end && cursor.body[to] != '"' && cursor.body[to] != '\n') {
        to += cursor.body[to] == '\\' ? 2 : 1;
      }
      if (to >= cursor.end || cursor.body[to] != '"') {
        throw cursor.failure("the quote of a name is not closed");
      }
      family = unescape(cursor, from + 1, to, true);
      cursor.at = to + 1;
    } else {
      int to = from;
      while (to < cursor.end && SeriesText.isNameByte(cursor.body[to], true, to > from)) {
        to++;
      }
      if (to == from) {
        throw cursor.failure("expected a metric name after " + field + ", got " + cursor.found());
      }
      family = cursor.text(from, to);
      cursor.at = to;
    }
    if (!cursor.atLineEnd()
        && cursor.peek() != ' '
        && cursor.peek() != '\t'
        && cursor.peek() != '\r') {
      throw cursor.failure("unexpected " + cursor.found() + " after the name '" + family + "'");
    }
  }

  private void content(Cursor cursor, int from, int to) throws ExpositionException {
    if (!Utf8.isValid(cursor.body, from, to)) {
      throw cursor.failureAt(from, "the text is not valid UTF-8");
    }
    switch (field) {
      case HELP -> text = unescape(cursor, from, to, format == ExpositionFormat.OPENMETRICS);
      case TYPE -> text = type(cursor, from, to);
      case UNIT -> text = unit(cursor, from, to);
    }
  }

  private String type(Cursor cursor, int from, int to) throws ExpositionException {
    String type = cursor.text(from, to);
    boolean known =
        switch (type) {
          case "counter", "gauge", "histogram", "summary" -> true;
          case "untyped" -> format == ExpositionFormat.TEXT;
          case "gaugehistogram", "info", "stateset", "unknown" ->
              format == ExpositionFormat.OPENMETRICS;
          default -> false;
        };
    if (!known) {
      throw cursor.failureAt(
          from,
          cursor.quoted(from, to)
              + " is not a type; the types are counter, gauge, histogram, summary"
              + (format == ExpositionFormat.TEXT
                  ? " and untyped"
                  : ", gaugehistogram, info, stateset and unknown"));
    }
    return type.equals("untyped") ? "unknown" : type;
  }

  private String unit(Cursor cursor, int from, int to) throws ExpositionException {
    String unit = cursor.text(from, to);
    if (!unit.isEmpty() && !family.endsWith("_" + unit)) {
      throw cursor.failureAt(
          from, "the name '" + family + "' does not end with its unit '_" + unit + "'");
    }
    return unit;
  }

  private static String unescape(Cursor cursor, int from, int to, boolean quotes) {
    String raw = cursor.text(from, to);
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    StringBuilder out = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      char next = c == '\\' && i + 1 < raw.length() ? raw.charAt(i + 1) : 0;
      if (next == '\\' || next == 'n' || (next == '"' && quotes)) {
        out.append(next == 'n' ? '\n' : next);
        i++;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
