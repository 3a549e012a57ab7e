// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.conformance;

import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line {@code metric{label="value"} 1 2 _ 3+4x5} of a script.
 *
 * @param startTimestamps whether it is the {@code @st} line of the series below it
 */
record SeriesLine(Labels labels, List<Item> items, boolean startTimestamps) {

  /** What stands at one step. */
  sealed interface Item {}

  record Blank() implements Item {}

  record Point(double value) implements Item {}

  record Histogram(HistogramLiteral literal) implements Item {}

  /** A start timestamp, relative to its sample. */
  record Start(long offsetMs) implements Item {}

  private static final String NUMBER =
      "[+-]?(?:[iI]nf|INF|[nN]a[nN]|NAN|(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?)";
  private static final Pattern FLOATS =
      Pattern.compile("(" + NUMBER + ")(?:([+-])(" + NUMBER + "))?(?:x([0-9]+))?");
  private static final Pattern BLANKS = Pattern.compile("_(?:x([0-9]+))?");
  private static final Pattern STALE = Pattern.compile("stale(?:x([0-9]+))?");
  private static final Pattern HISTOGRAM =
      Pattern.compile("\\{\\{(.*?)}}(?:([+-])\\{\\{(.*?)}})?(?:x([0-9]+))?");
  private static final String OFFSET = "[+-]?(?:0|(?:[0-9]+(?:ms|[smhdwy]))+)";
  private static final Pattern STARTS =
      Pattern.compile("(" + OFFSET + ")(?:([+-])(" + OFFSET + "))?(?:x([0-9]+))?");

  static SeriesLine parse(String line) {
    Cursor cursor = new Cursor(line);
    LabelsBuilder labels = new LabelsBuilder();
    StringBuilder name = new StringBuilder();
    while (!cursor.done() && "{ \t@".indexOf(cursor.peek()) < 0) {
      name.append(cursor.next());
    }
    labels.set(Label.METRIC_NAME, name.toString());
    if (!cursor.done() && cursor.peek() == '{') {
      parseLabels(cursor, labels);
    }
    boolean startTimestamps = line.startsWith("@st", cursor.position);
    if (startTimestamps) {
      String offsets = line.substring(cursor.position + "@st".length());
      List<Item> items = new ArrayList<>();
      for (String token : tokens(offsets)) {
        addStarts(items, token);
      }
      return new SeriesLine(labels.build(), items, true);
    }
    return new SeriesLine(labels.build(), items(line.substring(cursor.position)), false);
  }

  static double number(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "inf", "+inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan", "+nan", "-nan" -> Double.NaN;
      default -> Double.parseDouble(text);
    };
  }

  private static void parseLabels(Cursor cursor, LabelsBuilder labels) {
    cursor.expect('{');
    cursor.skipBlanks();
    while (cursor.peek() != '}') {
      String key = cursor.peek() == '"' ? cursor.quoted() : cursor.word();
      cursor.skipBlanks();
      if (cursor.peek() == '=') {
        cursor.expect('=');
        cursor.skipBlanks();
        labels.set(key, cursor.quoted());
      } else {
        labels.set(Label.METRIC_NAME, key);
      }
      cursor.skipBlanks();
      if (cursor.peek() == ',') {
        cursor.expect(',');
        cursor.skipBlanks();
      }
    }
    cursor.expect('}');
  }

  private static List<Item> items(String text) {
    List<Item> items = new ArrayList<>();
    for (String token : tokens(text)) {
      add(items, token);
    }
    return items;
  }

  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    StringBuilder token = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (Character.isWhitespace(c) && depth == 0) {
        if (!token.isEmpty()) {
          tokens.add(token.toString());
          token.setLength(0);
        }
      } else {
        token.append(c);
      }
    }
    if (!token.isEmpty()) {
      tokens.add(token.toString());
    }
    return tokens;
  }

  private static void add(List<Item> items, String token) {
    Matcher blanks = BLANKS.matcher(token);
    if (blanks.matches()) {
      int count = blanks.group(1) == null ? 1 : Integer.parseInt(blanks.group(1));
      for (int i = 0; i < count; i++) {
        items.add(new Blank());
      }
      return;
    }
    Matcher stale = STALE.matcher(token);
    if (stale.matches()) {
      for (int i = 0; i <= times(stale.group(1)); i++) {
        items.add(new Point(StaleMarker.VALUE));
      }
      return;
    }
    Matcher histogram = HISTOGRAM.matcher(token);
    if (histogram.matches()) {
      addHistograms(items, histogram);
      return;
    }
    Matcher floats = FLOATS.matcher(token);
    if (!floats.matches()) {
      throw new IllegalArgumentException("not a sample: '" + token + "'");
    }
    double value = number(floats.group(1));
    double increment = floats.group(3) == null ? 0 : number(floats.group(3));
    if ("-".equals(floats.group(2))) {
      increment = -increment;
    }
    for (int i = 0; i <= times(floats.group(4)); i++) {
      items.add(new Point(value));
      value += increment;
    }
  }

  private static void addHistograms(List<Item> items, Matcher token) {
    HistogramLiteral literal = HistogramLiteral.parse(token.group(1));
    HistogramLiteral increment =
        token.group(3) == null ? null : HistogramLiteral.parse(token.group(3));
    for (int i = 0; i <= times(token.group(4)); i++) {
      items.add(new Histogram(literal));
      if (increment != null) {
        literal = literal.plus(increment, "-".equals(token.group(2)));
      }
    }
  }

  private static void addStarts(List<Item> items, String token) {
    Matcher blanks = BLANKS.matcher(token);
    if (blanks.matches()) {
      add(items, token);
      return;
    }
    Matcher starts = STARTS.matcher(token);
    if (!starts.matches()) {
      throw new IllegalArgumentException("not a start: '" + token + "'");
    }
    long offset = offset(starts.group(1));
    long increment = starts.group(3) == null ? 0 : offset(starts.group(3));
    if ("-".equals(starts.group(2))) {
      increment = -increment;
    }
    for (int i = 0; i <= times(starts.group(4)); i++) {
      items.add(new Start(offset));
      offset += increment;
    }
  }

  private static long offset(String text) {
    return TestScript.duration(text.startsWith("+") ? text.substring(1) : text);
  }

  private static int times(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /** Reads a line from left to right. */
  private static final class Cursor {

    private final String text;
    private int position;

    Cursor(String text) {
      this.text = text;
    }

    boolean done() {
      return position == text.length();
    }

    char peek() {
      if (done()) {
        throw new IllegalArgumentException("line ends too early: " + text);
      }
      return text.charAt(position);
    }

    char next() {
      char c = peek();
      position++;
      return c;
    }

    void expect(char wanted) {
      if (next() != wanted) {
        throw new IllegalArgumentException(
            "expected " + wanted + " at " + (position - 1) + ": " + text);
      }
    }

    void skipBlanks() {
      while (!done() && Character.isWhitespace(peek())) {
        position++;
      }
    }

    String word() {
      StringBuilder word = new StringBuilder();
      while ("= \t,}".indexOf(peek()) < 0) {
        word.append(next());
      }
      return word.toString();
    }

    String quoted() {
      char quote = next();
      int start = position - 1;
      while (peek() != quote) {
        if (next() == '\\' && quote != '`') {
          position++;
        }
      }
      position++;
      return GoStrings.unquote(text.substring(start, position));
    }
  }
}
