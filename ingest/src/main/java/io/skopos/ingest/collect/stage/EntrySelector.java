// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The selector of a {@code match} stage: LogQL's stream selector, with line filters behind it if
 * wanted: {@code {app="web", env!~"dev|test"} |= "error" !~ "debug"}. Thread-safe.
 */
final class EntrySelector implements Predicate<Entry> {

  private final List<Predicate<Entry>> conditions;

  private EntrySelector(List<Predicate<Entry>> conditions) {
    this.conditions = conditions;
  }

  /**
   * @throws IllegalArgumentException saying what is not understood
   */
  static EntrySelector parse(String text) {
    return new EntrySelector(new Parser(text).parse());
  }

  @Override
  public boolean test(Entry entry) {
    for (Predicate<Entry> condition : conditions) {
      if (!condition.test(entry)) {
        return false;
      }
    }
    return true;
  }

  private static final class Parser {
    private final String text;
    private final List<Predicate<Entry>> conditions = new ArrayList<>();
    private int at;

    Parser(String text) {
      this.text = text;
    }

    List<Predicate<Entry>> parse() {
      space();
      expect('{');
      space();
      while (peek() != '}') {
        matcher();
        space();
        if (peek() == ',') {
          at++;
          space();
        } else if (peek() != '}') {
          throw unknown();
        }
      }
      at++;
      space();
      while (at < text.length()) {
        lineFilter();
        space();
      }
      return List.copyOf(conditions);
    }

    private void matcher() {
      int from = at;
      while (at < text.length()
          && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
        at++;
      }
      String name = text.substring(from, at);
      if (name.isEmpty()) {
        throw unknown();
      }
      space();
      String operator = operator("=~", "!~", "!=", "=");
      space();
      String value = string();
      Predicate<String> fits = textTest(operator.replace("!", ""), value, true);
      boolean not = operator.startsWith("!");
      conditions.add(entry -> fits.test(entry.labels.getOrDefault(name, "")) != not);
    }

    private void lineFilter() {
      String operator = operator("|=", "|~", "!=", "!~");
      space();
      Predicate<String> fits = textTest(operator.substring(1), string(), false);
      boolean not = operator.startsWith("!");
      conditions.add(entry -> fits.test(entry.line) != not);
    }

    private static Predicate<String> textTest(String operator, String value, boolean whole) {
      if (operator.equals("=")) {
        return whole ? value::equals : line -> line.contains(value);
      }
      Pattern pattern = LinearPatterns.compile(whole ? "^(?s:" + value + ")$" : value);
      return text -> pattern.matcher(text).find();
    }

    private String operator(String... known) {
      for (String operator : known) {
        if (text.startsWith(operator, at)) {
          at += operator.length();
          return operator;
        }
      }
      throw unknown();
    }

    private String string() {
      char quote = peek();
      if (quote != '"' && quote != '`') {
        throw unknown();
      }
      at++;
      StringBuilder value = new StringBuilder();
      while (peek() != quote) {
        char c = text.charAt(at++);
        if (c == '\\' && quote == '"') {
          char escaped = peek();
          at++;
          c =
              switch (escaped) {
                case 'n' -> '\n';
                case 't' -> '\t';
                case 'r' -> '\r';
                default -> escaped;
              };
        }
        value.append(c);
      }
      at++;
      return value.toString();
    }

    private void space() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }

    private void expect(char c) {
      if (peek() != c) {
        throw unknown();
      }
      at++;
    }

    private char peek() {
      if (at >= text.length()) {
        throw unknown();
      }
      return text.charAt(at);
    }

    private IllegalArgumentException unknown() {
      return new IllegalArgumentException(
          "the selector '"
              + text
              + "' is not understood at position "
              + Math.min(at + 1, text.length() + 1)
              + "; write {label=\"value\", other=~\"regex\"}, and |= != |~ !~ \"text\" behind it");
    }
  }
}
