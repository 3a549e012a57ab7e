// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what stands between {@code {{} and {@code }}}: operands, calls and pipes. */
final class TemplateExpression {

  private static final int MAX_DEPTH = 50;

  private final String text;
  private int at;
  private int depth;

  TemplateExpression(String text) {
    this.text = text;
  }

  /**
   * @throws IllegalArgumentException saying what is not understood
   */
  TextTemplate.Expression parse() {
    TextTemplate.Expression expression = pipeline();
    space();
    if (at < text.length()) {
      throw unknown();
    }
    return expression;
  }

  private TextTemplate.Expression pipeline() {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException("nested too deeply");
    }
    TextTemplate.Expression expression = command(null);
    space();
    while (peek() == '|') {
      at++;
      expression = command(expression);
      space();
    }
    depth--;
    return expression;
  }

  /**
   * @param piped becomes a call's last argument
   */
  private TextTemplate.Expression command(TextTemplate.@Nullable Expression piped) {
    space();
    if (!Character.isLetter(peek())) {
      if (piped != null) {
        throw new IllegalArgumentException("a function stands behind '|' in '" + text + "'");
      }
      return operand();
    }
    int from = at;
    while (Character.isLetterOrDigit(peek()) || peek() == '_') {
      at++;
    }
    String name = text.substring(from, at);
    if (name.equals("true") || name.equals("false")) {
      boolean value = name.equals("true");
      return _ -> value;
    }
    List<TextTemplate.Expression> arguments = new ArrayList<>();
    space();
    while (peek() != 0 && peek() != '|' && peek() != ')') {
      arguments.add(operand());
      space();
    }
    if (piped != null) {
      arguments.add(piped);
    }
    return TemplateFunctions.call(name, arguments);
  }

  private TextTemplate.Expression operand() {
    char c = peek();
    if (c == '(') {
      at++;
      TextTemplate.Expression inner = pipeline();
      space();
      if (peek() != ')') {
        throw unknown();
      }
      at++;
      return inner;
    }
    if (c == '"' || c == '`') {
      String value = string(c);
      return _ -> value;
    }
    if (c == '.') {
      return field();
    }
    if (c == '-' || Character.isDigit(c)) {
      int from = at++;
      while (Character.isDigit(peek()) || peek() == '.') {
        at++;
      }
      Double value = number(text.substring(from, at));
      return _ -> value;
    }
    throw unknown();
  }

  private Double number(String digits) {
    try {
      return Double.valueOf(digits);
    } catch (NumberFormatException e) {
      throw unknown();
    }
  }

  private TextTemplate.Expression field() {
    at++;
    int from = at;
    while (Character.isLetterOrDigit(peek()) || peek() == '_') {
      at++;
    }
    if (from == at) {
      return Map::toString;
    }
    String name = text.substring(from, at);
    return data -> data.get(name);
  }

  private String string(char quote) {
    at++;
    StringBuilder value = new StringBuilder();
    while (peek() != quote) {
      char c = peek();
      if (at >= text.length()) {
        throw new IllegalArgumentException("a string is not closed in '" + text + "'");
      }
      at++;
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

  /** 0 at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private IllegalArgumentException unknown() {
    return new IllegalArgumentException(
        "'" + text + "' is not understood at position " + Math.min(at + 1, text.length() + 1));
  }
}
