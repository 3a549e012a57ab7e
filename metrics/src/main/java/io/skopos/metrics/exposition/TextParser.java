// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.metrics.exposition.SeriesGroup.Member;
import io.skopos.metrics.exposition.SeriesGroup.TimedExemplar;
import io.skopos.model.Labels;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body of text exposition. A line met before (see {@link SeriesCache}) costs one comparison
 * of bytes and the reading of its value; nothing is allocated for it.
 *
 * <p>Lax parsers take what Prometheus takes. Strict ones hold the body against its format: text
 * 0.0.4 as the reference decoder of the Go client does, OpenMetrics 1.0 by the rules of its
 * specification, across lines too. Not thread-safe; reusable, also after an exception.
 */
final class TextParser implements ExpositionParser {

  private static final byte[] END_OF_OPENMETRICS = {'#', ' ', 'E', 'O', 'F'};

  private final ExpositionFormat format;
  private final boolean strict;
  private final Cursor cursor = new Cursor();
  private final SeriesText seriesText;
  private final MetadataLine metadataLine;

  private final @Nullable TextFamilies families;
  private @Nullable FormatRules rules;
  private boolean ended;

  TextParser(ExpositionFormat format, boolean strict, ExpositionOptions options) {
    this.format = format;
    this.strict = strict;
    this.seriesText = new SeriesText(format, strict);
    this.metadataLine = new MetadataLine(format, strict);
    this.families = strict ? null : TextFamilies.of(format, options);
  }

  @Override
  public void parse(byte[] body, int offset, int length, SeriesCache series, ExpositionSink sink)
      throws ExpositionException {
    cursor.reset(body, offset, length);
    series.beginParse();
    rules = strict ? FormatRules.of(format) : null;
    ended = false;
    TextFamilies held = families;
    if (held != null) {
      held.reset();
    }
    while (!cursor.atEnd()) {
      int lineStart = cursor.at;
      try {
        line(series, sink);
      } catch (ExpositionException problem) {
        if (!sink.badLine(problem)) {
          throw problem;
        }
        cursor.at = lineStart;
        cursor.toNextLine();
      }
    }
    if (held != null) {
      held.end(series, sink);
    }
    try {
      atEnd();
    } catch (ExpositionException problem) {
      if (!sink.badLine(problem)) {
        throw problem;
      }
    }
  }

  private void atEnd() throws ExpositionException {
    if (format == ExpositionFormat.OPENMETRICS && !ended) {
      throw cursor.failure("the body does not end with '# EOF'; it may have been cut off");
    }
    FormatRules current = rules;
    if (current != null) {
      current.end(cursor);
    }
  }

  private void line(SeriesCache series, ExpositionSink sink) throws ExpositionException {
    if (ended) {
      throw cursor.failure("unexpected " + cursor.found() + " after '# EOF'");
    }
    if (format == ExpositionFormat.TEXT) {
      cursor.skipBlanks();
      if (cursor.atLineEnd()) {
        cursor.toNextLine();
        return;
      }
      if (cursor.peek() == '\r'
          && cursor.at + 1 < cursor.end
          && cursor.body[cursor.at + 1] == '\n') {
        cursor.toNextLine();
        return;
      }
    } else if (cursor.atLineEnd()) {
      throw cursor.failure("a blank line is not OpenMetrics");
    }
    if (cursor.peek() == '#') {
      comment(series, sink);
    } else {
      sample(series, sink);
    }
  }

  private void comment(SeriesCache series, ExpositionSink sink) throws ExpositionException {
    if (format == ExpositionFormat.OPENMETRICS && cursor.startsWith(END_OF_OPENMETRICS)) {
      cursor.at += END_OF_OPENMETRICS.length;
      ended = true;
      if (cursor.atLineEnd()) {
        cursor.toNextLine();
      }
      return;
    }
    int start = cursor.at;
    FormatRules current = rules;
    KnownText expected = current == null ? series.expected(cursor.body, start, cursor.end) : null;
    if (expected != null) {
      type(expected, series, sink);
      cursor.toNextLine();
      return;
    }
    if (!metadataLine.read(cursor)) {
      cursor.toNextLine();
      return;
    }
    int lineEnd = cursor.at;
    if (current != null) {
      current.metadata(cursor, metadataLine);
    }
    KnownText known = current != null ? null : series.find(cursor.body, start, lineEnd);
    if (known == null) {
      sink.metadata(metadataLine.field(), metadataLine.family(), metadataLine.text());
      if (current == null) {
        known = series.addMetadata(cursor.body, start, lineEnd);
        if (families != null && metadataLine.field() == MetadataField.TYPE) {
          known.type = new FamilyType(metadataLine.family(), metadataLine.text());
        }
      }
    }
    if (known != null) {
      type(known, series, sink);
    }
    cursor.toNextLine();
  }

  private void type(KnownText line, SeriesCache series, ExpositionSink sink)
      throws ExpositionException {
    TextFamilies held = families;
    FamilyType type = line.type;
    if (held != null && type != null) {
      held.begin(type, series, sink);
    }
  }

  private void sample(SeriesCache series, ExpositionSink sink) throws ExpositionException {
    int start = cursor.at;
    KnownText known = strict ? null : series.expected(cursor.body, start, cursor.end);
    int textEnd = known == null ? seriesText.end(cursor) : start + known.text.length;
    if (textEnd < 0) {
      seriesText.read(cursor, ~textEnd);
      throw cursor.failure("the brace after the metric name is not closed");
    }
    cursor.at = textEnd;
    double value = value("a value", start);
    long timeMs = time();
    Labels exemplarLabels = null;
    double exemplarValue = 0;
    long exemplarTimeMs = ExpositionSink.NO_TIME;
    if (format == ExpositionFormat.OPENMETRICS && !cursor.atLineEnd()) {
      beginExemplar();
      exemplarLabels = seriesText.readExemplar(cursor);
      exemplarValue = value("an exemplar's value", start);
      exemplarTimeMs = time();
    }
    int lineEnd = lineEnd();
    if (known == null) {
      known = strict ? null : series.find(cursor.body, start, textEnd);
    }
    if (known == null) {
      cursor.at = start;
      Labels exposed = seriesText.read(cursor, textEnd);
      FormatRules current = rules;
      if (current != null) {
        current.sample(cursor, exposed, value, timeMs, exemplarLabels);
      }
      known = series.addSeries(cursor.body, start, textEnd, exposed, seriesText.emptyNames());
    }
    Member member = member(known, start, textEnd, series);
    cursor.at = lineEnd;
    if (!cursor.atEnd()) {
      cursor.at++;
    }
    StoredSeries stored = known.series;
    TextFamilies held = families;
    if (held != null && member != null) {
      TimedExemplar exemplar =
          exemplarLabels == null
              ? null
              : new TimedExemplar(exemplarLabels, exemplarValue, exemplarTimeMs);
      held.add(member, stored, value, timeMs, exemplar, sink);
      return;
    }
    if (stored == null) {
      sink.dropped();
      return;
    }
    sink.sample(stored, value, timeMs, ExpositionSink.NO_START);
    if (exemplarLabels != null) {
      sink.exemplar(stored, exemplarLabels, exemplarValue, exemplarTimeMs);
    }
  }

  /** What the series is to the family under way; found out once, not for every sample. */
  private @Nullable Member member(KnownText known, int start, int textEnd, SeriesCache series)
      throws ExpositionException {
    TextFamilies held = families;
    FamilyType family = held == null ? null : held.family();
    if (held == null || family == null) {
      return null;
    }
    if (known.memberOf != family) {
      cursor.at = start;
      known.member = held.member(seriesText.read(cursor, textEnd), series);
      known.memberOf = family;
    }
    return known.member;
  }

  private double value(String what, int lineStart) throws ExpositionException {
    separator(what);
    int to = valueEnd();
    double value = DecimalNumber.parse(cursor.body, cursor.at, to);
    if (DecimalNumber.isInvalid(value)) {
      if (to == cursor.at) {
        throw cursor.failure(
            "expected "
                + what
                + " after "
                + cursor.quoted(lineStart, cursor.at)
                + ", got "
                + cursor.found());
      }
      throw cursor.failure(
          cursor.quoted(cursor.at, to)
              + " is not "
              + what
              + " (a decimal number, NaN or +Inf, within the range of a 64-bit float)");
    }
    cursor.at = to;
    return value;
  }

  /** Behind the value's last byte: blanks end it, in OpenMetrics only a space does. */
  private int valueEnd() {
    if (format == ExpositionFormat.TEXT) {
      int to = cursor.tokenEnd();
      return to > cursor.at
              && to < cursor.end
              && cursor.body[to] == '\n'
              && cursor.body[to - 1] == '\r'
          ? to - 1
          : to;
    }
    int to = cursor.at;
    while (to < cursor.end && cursor.body[to] != ' ' && cursor.body[to] != '\n') {
      to++;
    }
    return to;
  }

  private void separator(String before) throws ExpositionException {
    if (format == ExpositionFormat.TEXT) {
      cursor.skipBlanks();
      return;
    }
    if (cursor.atLineEnd() || cursor.peek() != ' ') {
      throw cursor.failure("expected a single space before " + before + ", got " + cursor.found());
    }
    cursor.at++;
  }

  /** The timestamp that may follow; the cursor stays where it is when none does. */
  private long time() throws ExpositionException {
    if (format == ExpositionFormat.TEXT) {
      cursor.skipBlanks();
      if (cursor.atLineEnd() || cursor.peek() == '\r') {
        return ExpositionSink.NO_TIME;
      }
      return milliseconds();
    }
    boolean follows =
        cursor.at + 1 < cursor.end && cursor.peek() == ' ' && cursor.body[cursor.at + 1] != '#';
    return follows ? seconds() : ExpositionSink.NO_TIME;
  }

  private long milliseconds() throws ExpositionException {
    int from = cursor.at;
    int to = valueEnd();
    boolean negative = cursor.body[from] == '-';
    int at = negative || cursor.body[from] == '+' ? from + 1 : from;
    boolean readable = at < to && to - at <= 18;
    long value = 0;
    for (; readable && at < to; at++) {
      int digit = cursor.body[at] - '0';
      readable = digit >= 0 && digit <= 9;
      value = value * 10 + digit;
    }
    if (!readable) {
      throw cursor.failure(
          cursor.quoted(from, to) + " is not a timestamp in whole milliseconds since 1970");
    }
    cursor.at = to;
    return negative ? -value : value;
  }

  private long seconds() throws ExpositionException {
    cursor.at++;
    int from = cursor.at;
    int to = valueEnd();
    double value = DecimalNumber.parse(cursor.body, from, to);
    if (!Double.isFinite(value)) {
      throw cursor.failure(cursor.quoted(from, to) + " is not a timestamp in seconds since 1970");
    }
    cursor.at = to;
    // Cut, not rounded, as Prometheus does, so that both store the same time.
    return (long) (value * 1000);
  }

  private void beginExemplar() throws ExpositionException {
    byte[] body = cursor.body;
    int at = cursor.at;
    boolean begins =
        cursor.end - at >= 4
            && body[at] == ' '
            && body[at + 1] == '#'
            && body[at + 2] == ' '
            && body[at + 3] == '{';
    if (!begins) {
      throw cursor.failure(
          "expected a timestamp, an exemplar ' # {' or the end of the line, got " + cursor.found());
    }
    cursor.at += 4;
  }

  /** Checks that nothing follows on the line; the position of its newline. */
  private int lineEnd() throws ExpositionException {
    if (format == ExpositionFormat.TEXT) {
      cursor.skipBlanks();
      if (cursor.peek() == '\r') {
        cursor.at++;
      }
    }
    if (!cursor.atLineEnd()) {
      throw cursor.failure("expected the end of the line, got " + cursor.found());
    }
    if (cursor.atEnd() && (strict || format == ExpositionFormat.OPENMETRICS)) {
      throw cursor.failure("the last line does not end with a newline; the body may be cut off");
    }
    return cursor.at;
  }
}
