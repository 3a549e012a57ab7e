// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Reads a stream's labels as Loki's clients write them: {@code {app="api", env="prod"}}. */
final class StreamText {

  private final String text;
  private int at;

  private StreamText(String text) {
    this.text = text;
  }

  /** The text is no label set; the message is what Loki says of it. */
  static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message, null, false, false);
    }
  }

  static Labels parse(String text) throws Invalid {
    return new StreamText(text).labels();
  }

  private Labels labels() throws Invalid {
    LabelsBuilder labels = new LabelsBuilder();
    Set<String> names = new HashSet<>();
    skipSpace();
    if (at < text.length() && isNameStart(text.charAt(at))) {
      add(labels, names, "__name__", name());
      skipSpace();
    }
    if (at == text.length() && !names.isEmpty()) {
      return labels.build();
    }
    expect('{');
    skipSpace();
    while (at < text.length() && text.charAt(at) != '}') {
      char c = text.charAt(at);
      String name = c == '"' || c == '\'' || c == '`' ? quoted() : name();
      skipSpace();
      expect('=');
      skipSpace();
      add(labels, names, name, quoted());
      skipSpace();
      if (at < text.length() && text.charAt(at) == ',') {
        at++;
        skipSpace();
      } else if (at < text.length() && text.charAt(at) != '}') {
        throw unexpected("in label set, expected \",\" or \"}\"");
      }
    }
    expect('}');
    skipSpace();
    if (at < text.length()) {
      throw unexpected("after the label set");
    }
    return labels.build();
  }

  private void add(LabelsBuilder labels, Set<String> names, String name, String value)
      throws Invalid {
    if (!names.add(name)) {
      throw new Invalid("stream '" + text + "' has duplicate label name: '" + name + "'");
    }
    labels.set(name, value);
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private static boolean isNameStart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':';
  }

  /** A label's name without quotes. */
  static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!(isNameStart(c) && c != ':' || i > 0 && c >= '0' && c <= '9')) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private String name() throws Invalid {
    int from = at;
    while (at < text.length()
        && (isNameStart(text.charAt(at))
            || at > from && text.charAt(at) >= '0' && text.charAt(at) <= '9')) {
      at++;
    }
    if (at == from) {
      throw unexpected("in label set, expected identifier or \"}\"");
    }
    return text.substring(from, at);
  }

  private void expect(char wanted) throws Invalid {
    if (at >= text.length() || text.charAt(at) != wanted) {
      throw unexpected("expected \"" + wanted + '"');
    }
    at++;
  }

  private String quoted() throws Invalid {
    char quote = at < text.length() ? text.charAt(at) : 0;
    if (quote != '"' && quote != '\'' && quote != '`') {
      throw unexpected("in label matching, expected string");
    }
    int from = ++at;
    StringBuilder value = new StringBuilder();
    while (at < text.length() && text.charAt(at) != quote) {
      char c = text.charAt(at++);
      if (c != '\\' || quote == '`') {
        value.append(c);
        continue;
      }
      escape(value);
    }
    if (at >= text.length()) {
      at = from - 1;
      throw problem("unterminated quoted string");
    }
    at++;
    return value.toString();
  }

  private void escape(StringBuilder value) throws Invalid {
    if (at >= text.length()) {
      return;
    }
    char c = text.charAt(at++);
    switch (c) {
      case 'a' -> value.append('\u0007');
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case 'n' -> value.append('\n');
      case 'r' -> value.append('\r');
      case 't' -> value.append('\t');
      case 'v' -> value.append('\u000b');
      case '\\', '"', '\'' -> value.append(c);
      case 'x' -> value.appendCodePoint(number(2, 16));
      case 'u' -> value.appendCodePoint(number(4, 16));
      case 'U' -> value.appendCodePoint(number(8, 16));
      case '0', '1', '2', '3' -> {
        at--;
        value.appendCodePoint(number(3, 8));
      }
      default -> {
        at--;
        throw problem("unknown escape sequence U+" + String.format(Locale.ROOT, "%04X", (int) c));
      }
    }
  }

  private int number(int digits, int radix) throws Invalid {
    try {
      int number = Integer.parseInt(text.substring(at, at + digits), radix);
      if (number < 0 || !Character.isValidCodePoint(number)) {
        throw problem("escape sequence is an invalid Unicode code point");
      }
      at += digits;
      return number;
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      throw problem("illegal character in escape sequence");
    }
  }

  private Invalid unexpected(String where) {
    String found =
        at >= text.length()
            ? "end of input"
            : "character: '" + text.substring(at, text.offsetByCodePoints(at, 1)) + '\'';
    return problem("unexpected " + found + " " + where);
  }

  private Invalid problem(String what) {
    return new Invalid("1:" + (at + 1) + ": parse error: " + what);
  }
}
