// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.rules;

import io.skopos.engine.text.StringSyntax;
import java.util.List;
import java.util.function.Function;

/** Reads the tokens of one action of a template, up to its closing braces. */
final class TemplateAction {

  private final String text;
  private int at;

  TemplateAction(String text, int start) {
    this.text = text;
    this.at = start;
  }

  /**
   * @param tokens gets words, variables with their fields, operators; strings and numbers are "0"
   * @return where the closing braces begin
   */
  int read(List<String> tokens, Function<String, RuntimeException> failure) {
    int depth = 0;
    while (true) {
      if (at >= text.length()) {
        throw failure.apply("unclosed action");
      }
      char c = text.charAt(at);
      if (text.startsWith("}}", at)) {
        if (depth > 0) {
          throw failure.apply("unclosed left paren");
        }
        return at;
      }
      if (c == '-' && text.startsWith("-}}", at)) {
        at++;
      } else if (Character.isWhitespace(c)) {
        at++;
      } else if (c == '"' || c == '`' || c == '\'') {
        string(c, failure);
        tokens.add("0");
      } else if (c == '(') {
        depth++;
        at++;
      } else if (c == ')') {
        if (--depth < 0) {
          throw failure.apply("unexpected right paren");
        }
        at++;
        skipFields();
      } else if (text.startsWith(":=", at)) {
        tokens.add(":=");
        at += 2;
      } else if (c == '|' || c == ',' || c == '=') {
        tokens.add(String.valueOf(c));
        at++;
      } else if (c == '$' || c == '.' || isWord(c)) {
        tokens.add(word());
      } else if (c == '-' || c == '+') {
        at++;
      } else {
        throw failure.apply("unexpected " + StringSyntax.quote(String.valueOf(c)) + " in operand");
      }
    }
  }

  private void string(char quote, Function<String, RuntimeException> failure) {
    int start = at++;
    while (at < text.length() && text.charAt(at) != quote) {
      if (quote != '`' && text.charAt(at) == '\n') {
        break;
      }
      at += quote != '`' && text.charAt(at) == '\\' ? 2 : 1;
    }
    if (at >= text.length() || text.charAt(at) != quote) {
      at = start;
      throw failure.apply(
          quote == '`'
              ? "unterminated raw quoted string"
              : quote == '"' ? "unterminated quoted string" : "unterminated character constant");
    }
    at++;
  }

  private String word() {
    int start = at++;
    while (at < text.length() && (isWord(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    return text.substring(start, at);
  }

  private void skipFields() {
    while (at < text.length() && (isWord(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
  }

  private static boolean isWord(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }
}
