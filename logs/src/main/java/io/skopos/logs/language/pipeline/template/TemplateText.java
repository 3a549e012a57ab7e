// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import io.skopos.engine.text.StringSyntax;
import io.skopos.logs.language.pipeline.template.TemplateNode.Place;
import org.jspecify.annotations.Nullable;

/** A template's text and how far it is read: words, literals, places. */
final class TemplateText {

  private final String name;
  private final String text;
  private int at;

  TemplateText(String name, String text) {
    this.name = name;
    this.text = text;
  }

  int position() {
    return at;
  }

  void goTo(int position) {
    at = position;
  }

  void skip(int characters) {
    at += characters;
  }

  boolean atEnd() {
    return at >= text.length();
  }

  /** Whether there is a character so far ahead. */
  boolean has(int ahead) {
    return at + ahead < text.length();
  }

  char peek() {
    return text.charAt(at);
  }

  char peek(int ahead) {
    return text.charAt(at + ahead);
  }

  boolean startsWith(String start) {
    return text.startsWith(start, at);
  }

  /** What was read since then. */
  String since(int start) {
    return text.substring(start, at);
  }

  /** Where a word stands next; -1 when it does not. */
  int find(String word) {
    return text.indexOf(word, at);
  }

  /** Reads up to a position, or to the end for -1. */
  String upTo(int end) {
    String piece = end < 0 ? text.substring(at) : text.substring(at, end);
    at = end < 0 ? text.length() : end;
    return piece;
  }

  Object number() {
    int from = at;
    if (text.charAt(at) == '-' || text.charAt(at) == '+') {
      at++;
    }
    while (at < text.length()
        && (isWord(text.charAt(at))
            || text.charAt(at) == '.'
            || ((text.charAt(at) == '-' || text.charAt(at) == '+')
                && "eEpP".indexOf(text.charAt(at - 1)) >= 0))) {
      at++;
    }
    String number = text.substring(from, at);
    Object value = GoValues.number(number);
    if (value == null) {
      throw failed("bad number syntax: " + StringSyntax.quote(number));
    }
    return value;
  }

  String string() {
    char quote = text.charAt(at);
    int from = ++at;
    if (quote == '`') {
      int close = text.indexOf('`', at);
      if (close < 0) {
        throw failed("unterminated raw quoted string");
      }
      at = close + 1;
      return text.substring(from, close);
    }
    StringBuilder out = new StringBuilder();
    while (true) {
      if (at >= text.length() || text.charAt(at) == '\n') {
        throw failed("unterminated quoted string");
      }
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      if (c == '\\') {
        out.appendCodePoint(escape());
      } else {
        out.append(c);
      }
    }
  }

  int character() {
    at++;
    if (at >= text.length()) {
      throw failed("unterminated character constant");
    }
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    if (c == '\\') {
      c = escape();
    }
    if (at >= text.length() || text.charAt(at) != '\'') {
      throw failed("unterminated character constant");
    }
    at++;
    return c;
  }

  private int escape() {
    if (at >= text.length()) {
      throw failed("unterminated quoted string");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case 'a' -> 7;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 11;
      case '\\', '\'', '"' -> c;
      case 'x' -> digits(2, 16);
      case 'u' -> digits(4, 16);
      case 'U' -> digits(8, 16);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        at--;
        yield digits(3, 8);
      }
      default -> throw failed("invalid syntax");
    };
  }

  private int digits(int count, int radix) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      int digit = at < text.length() ? Character.digit(text.charAt(at), radix) : -1;
      if (digit < 0) {
        throw failed("invalid syntax");
      }
      value = value * radix + digit;
      at++;
    }
    if (!Character.isValidCodePoint((int) value) || value > Character.MAX_CODE_POINT) {
      throw failed("invalid syntax");
    }
    return (int) value;
  }

  boolean atClose() {
    return text.startsWith("}}", at) || text.startsWith("-}}", at);
  }

  boolean closeAction(@Nullable String otherwise) {
    skipSpaces();
    if (text.startsWith("}}", at)) {
      at += 2;
      return false;
    }
    if (text.startsWith("-}}", at) && at > 0 && isSpace(text.charAt(at - 1))) {
      at += 3;
      return true;
    }
    throw failed(
        at >= text.length() || otherwise == null
            ? at >= text.length() ? "unclosed action" : "unexpected " + rest()
            : otherwise);
  }

  String rest() {
    if (at >= text.length()) {
      return "EOF";
    }
    int end = Math.min(text.length(), at + 10);
    return "<" + text.substring(at, end) + ">";
  }

  String word() {
    int end = at;
    while (end < text.length() && isWord(text.charAt(end))) {
      end++;
    }
    return text.substring(at, end);
  }

  void skipSpaces() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  Place place(int position) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < position; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new Place(line, position - lineStart, "");
  }

  TemplateFailed failed(String what) {
    return new TemplateFailed(
        "template: " + name + ":" + place(Math.min(at, text.length())).line() + ": " + what);
  }

  static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  static String stripLeading(String piece) {
    int from = 0;
    while (from < piece.length() && isSpace(piece.charAt(from))) {
      from++;
    }
    return piece.substring(from);
  }

  static String stripTrailing(String piece) {
    int end = piece.length();
    while (end > 0 && isSpace(piece.charAt(end - 1))) {
      end--;
    }
    return piece.substring(0, end);
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isWord(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }
}
