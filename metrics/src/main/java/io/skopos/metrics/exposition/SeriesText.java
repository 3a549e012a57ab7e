// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads {@code name{label="value",...}} and {@code {"name","label"="value"}} into canonical labels,
 * and the label sets of exemplars. Works on reused scratch arrays; one per parser.
 */
final class SeriesText {

  private static final byte[] METRIC_NAME = {'_', '_', 'n', 'a', 'm', 'e', '_', '_'};

  private final ExpositionFormat format;
  private final boolean strict;

  // Label i: name and value as ranges of scratch, in four ints from 4 * i.
  private int[] ranges = new int[4 * 16];
  private int labels;
  private byte[] scratch = new byte[512];
  private int scratchEnd;

  SeriesText(ExpositionFormat format, boolean strict) {
    this.format = format;
    this.strict = strict;
  }

  /**
   * Finds the end of the series' text that begins at the cursor, without judging it: behind the
   * name or the closing brace. When the brace is not closed on the line, the complement of the
   * line's end.
   */
  int end(Cursor cursor) {
    byte[] body = cursor.body;
    int end = cursor.end;
    int at = cursor.at;
    while (at < end && !isSeparator(body[at])) {
      at++;
    }
    int nameEnd = at;
    if (format == ExpositionFormat.TEXT) {
      while (at < end && (body[at] == ' ' || body[at] == '\t')) {
        at++;
      }
    }
    if (at >= end || body[at] != '{') {
      return nameEnd;
    }
    boolean quoted = false;
    for (at++; at < end && body[at] != '\n'; at++) {
      byte b = body[at];
      if (b == '"') {
        quoted = !quoted;
      } else if (b == '\\' && quoted && at + 1 < end && body[at + 1] != '\n') {
        at++;
      } else if (b == '}' && !quoted) {
        return at + 1;
      }
    }
    return ~at;
  }

  /** Reads the series between the cursor and {@code textEnd}, and leaves the cursor there. */
  Labels read(Cursor cursor, int textEnd) throws ExpositionException {
    labels = 0;
    scratchEnd = 0;
    boolean named = false;
    int nameFrom = cursor.at;
    if (cursor.peek() != '{') {
      int nameTo = nameEnd(cursor, nameFrom, textEnd, true);
      if (nameTo == nameFrom) {
        throw cursor.failure("expected a metric name, got " + cursor.found());
      }
      begin(METRIC_NAME, 0, METRIC_NAME.length);
      value(cursor.body, nameFrom, nameTo);
      named = true;
      cursor.at = nameTo;
      blanks(cursor);
      if (nameTo < textEnd && cursor.peek() != '{') {
        cursor.at = nameTo;
        throw cursor.failure(
            "unexpected "
                + cursor.found()
                + " in the metric name "
                + cursor.quoted(nameFrom, textEnd)
                + "; names with such characters are written {\"name\"}");
      }
    }
    if (cursor.at < textEnd && cursor.peek() == '{') {
      cursor.at++;
      named = block(cursor, textEnd, named, false);
    }
    if (!named) {
      throw cursor.failureAt(nameFrom, "no metric name in " + cursor.quoted(nameFrom, textEnd));
    }
    cursor.at = textEnd;
    return canonical(cursor);
  }

  /** Reads an exemplar's labels; the cursor stands behind the opening brace. */
  Labels readExemplar(Cursor cursor) throws ExpositionException {
    labels = 0;
    scratchEnd = 0;
    block(cursor, cursor.end, true, true);
    return canonical(cursor);
  }

  /** The labels up to and with the closing brace; true when the metric's name is known then. */
  private boolean block(Cursor cursor, int textEnd, boolean nameKnown, boolean exemplar)
      throws ExpositionException {
    boolean named = nameKnown;
    boolean first = true;
    while (true) {
      blanks(cursor);
      if (cursor.at < textEnd && cursor.peek() == '}') {
        if (strict && !first && format == ExpositionFormat.OPENMETRICS) {
          throw cursor.failure("a comma before the closing brace is not OpenMetrics");
        }
        cursor.at++;
        return named;
      }
      first = false;
      int from = cursor.at;
      boolean quoted = cursor.at < textEnd && cursor.peek() == '"';
      if (quoted) {
        if (strict) {
          throw cursor.failure("quoted names are not part of this format");
        }
        int scratchFrom = scratchEnd;
        quotedString(cursor, textEnd, "name");
        blanks(cursor);
        if (cursor.peek() == ',' || cursor.peek() == '}') {
          if (exemplar || named) {
            throw cursor.failureAt(
                from, exemplar ? "expected a label, got a lone name" : "a second metric name");
          }
          if (scratchFrom == scratchEnd) {
            throw cursor.failureAt(from, "the metric name is empty");
          }
          named = true;
          int nameEnd = scratchEnd;
          begin(METRIC_NAME, 0, METRIC_NAME.length);
          endLabel(scratchFrom, nameEnd);
          if (cursor.peek() == ',') {
            cursor.at++;
          }
          continue;
        }
        beginAt(scratchFrom, scratchEnd);
      } else {
        int to = nameEnd(cursor, from, textEnd, false);
        if (to == from) {
          throw cursor.failure("expected a label name, got " + cursor.found());
        }
        begin(cursor.body, from, to);
        cursor.at = to;
        blanks(cursor);
      }
      if (cursor.at >= textEnd || cursor.peek() != '=') {
        throw cursor.failure("expected '=' after the label name, got " + cursor.found());
      }
      cursor.at++;
      blanks(cursor);
      if (cursor.at >= textEnd || cursor.peek() != '"') {
        throw cursor.failure("expected a label value in double quotes, got " + cursor.found());
      }
      int valueFrom = scratchEnd;
      quotedString(cursor, textEnd, "label value");
      endLabel(valueFrom, scratchEnd);
      blanks(cursor);
      if (cursor.at < textEnd && cursor.peek() == ',') {
        cursor.at++;
      } else if (cursor.at < textEnd && cursor.peek() == '}') {
        cursor.at++;
        return named;
      } else if (strict || format == ExpositionFormat.OPENMETRICS || cursor.at >= textEnd) {
        // Prometheus' text parser alone reads labels without a comma between them.
        throw cursor.failure("expected ',' or '}' after a label, got " + cursor.found());
      }
    }
  }

  /** Appends the unescaped string to scratch; the cursor goes from quote to behind the other. */
  private void quotedString(Cursor cursor, int textEnd, String what) throws ExpositionException {
    int open = cursor.at;
    byte[] body = cursor.body;
    int at = open + 1;
    int from = scratchEnd;
    ensureScratch(textEnd - at);
    boolean ascii = true;
    while (true) {
      if (at >= textEnd) {
        throw cursor.failureAt(
            open,
            "the quote of a " + what + " is not closed on its line (a newline is written \\n)");
      }
      byte b = body[at++];
      if (b == '"') {
        break;
      }
      if (b == '\\' && at < textEnd) {
        byte escaped = body[at++];
        switch (escaped) {
          case 'n' -> b = '\n';
          case '\\', '"' -> b = escaped;
          default -> {
            if (strict && format == ExpositionFormat.TEXT) {
              throw cursor.failureAt(at - 2, "unknown escape " + cursor.quoted(at - 2, at));
            }
            // Prometheus leaves the backslash in place.
            at--;
          }
        }
      }
      ascii &= b >= 0;
      scratch[scratchEnd++] = b;
    }
    if (!ascii && !Utf8.isValid(scratch, from, scratchEnd)) {
      throw cursor.failureAt(open, "a " + what + " is not valid UTF-8");
    }
    cursor.at = at;
  }

  private Labels canonical(Cursor cursor) throws ExpositionException {
    sort();
    int size = 0;
    int kept = 0;
    for (int i = 0; i < labels; i++) {
      int at = 4 * i;
      if (i > 0 && compareNames(i - 1, i) == 0) {
        throw cursor.failureAt(
            cursor.at - 1,
            "the label '" + scratchText(ranges[at], ranges[at + 1]) + "' stands there twice");
      }
      int name = ranges[at + 1] - ranges[at];
      int value = ranges[at + 3] - ranges[at + 2];
      if (value > 0) {
        size += varintSize(name) + name + varintSize(value) + value;
        kept++;
      }
    }
    if (kept == 0) {
      return Labels.EMPTY;
    }
    byte[] out = new byte[size];
    int to = 0;
    for (int i = 0; i < labels; i++) {
      int at = 4 * i;
      if (ranges[at + 3] > ranges[at + 2]) {
        to = append(out, to, ranges[at], ranges[at + 1]);
        to = append(out, to, ranges[at + 2], ranges[at + 3]);
      }
    }
    return Labels.ofCanonicalBytes(out);
  }

  /** The names of the labels read last that had an empty value. */
  List<String> emptyNames() {
    List<String> names = List.of();
    for (int i = 0; i < labels; i++) {
      if (ranges[4 * i + 2] == ranges[4 * i + 3]) {
        names = names.isEmpty() ? new ArrayList<>() : names;
        names.add(scratchText(ranges[4 * i], ranges[4 * i + 1]));
      }
    }
    return names;
  }

  /** Insertion sort: labels are few and mostly in order. */
  private void sort() {
    for (int i = 1; i < labels; i++) {
      for (int j = i; j > 0 && compareNames(j - 1, j) > 0; j--) {
        for (int k = 0; k < 4; k++) {
          int swap = ranges[4 * j + k];
          ranges[4 * j + k] = ranges[4 * (j - 1) + k];
          ranges[4 * (j - 1) + k] = swap;
        }
      }
    }
  }

  private int compareNames(int left, int right) {
    return Arrays.compareUnsigned(
        scratch,
        ranges[4 * left],
        ranges[4 * left + 1],
        scratch,
        ranges[4 * right],
        ranges[4 * right + 1]);
  }

  private void begin(byte[] source, int from, int to) {
    int start = scratchEnd;
    copy(source, from, to);
    beginAt(start, scratchEnd);
  }

  private void beginAt(int scratchFrom, int scratchTo) {
    if (4 * labels == ranges.length) {
      ranges = Arrays.copyOf(ranges, ranges.length * 2);
    }
    ranges[4 * labels] = scratchFrom;
    ranges[4 * labels + 1] = scratchTo;
  }

  private void value(byte[] source, int from, int to) {
    int start = scratchEnd;
    copy(source, from, to);
    endLabel(start, scratchEnd);
  }

  private void endLabel(int scratchFrom, int scratchTo) {
    ranges[4 * labels + 2] = scratchFrom;
    ranges[4 * labels + 3] = scratchTo;
    labels++;
  }

  private void copy(byte[] source, int from, int to) {
    ensureScratch(to - from);
    System.arraycopy(source, from, scratch, scratchEnd, to - from);
    scratchEnd += to - from;
  }

  private void ensureScratch(int more) {
    if (scratchEnd + more > scratch.length) {
      scratch = Arrays.copyOf(scratch, Math.max(scratchEnd + more, scratch.length * 2));
    }
  }

  private int append(byte[] out, int to, int from, int until) {
    int length = until - from;
    int at = to;
    int rest = length;
    while ((rest & ~0x7f) != 0) {
      out[at++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out[at++] = (byte) rest;
    System.arraycopy(scratch, from, out, at, length);
    return at + length;
  }

  private String scratchText(int from, int to) {
    return new String(scratch, from, to - from, StandardCharsets.UTF_8);
  }

  private void blanks(Cursor cursor) {
    if (format == ExpositionFormat.TEXT) {
      cursor.skipBlanks();
    }
  }

  private static int nameEnd(Cursor cursor, int from, int end, boolean colons) {
    byte[] body = cursor.body;
    int at = from;
    while (at < end && isNameByte(body[at], colons, at > from)) {
      at++;
    }
    return at;
  }

  static boolean isNameByte(byte b, boolean colons, boolean digits) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || b == '_'
        || (digits && b >= '0' && b <= '9')
        || (colons && b == ':');
  }

  private static boolean isSeparator(byte b) {
    return b == ' ' || b == '{' || b == '\n' || b == '\t';
  }

  private static int varintSize(int value) {
    return value < 0x80
        ? 1
        : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
  }
}
