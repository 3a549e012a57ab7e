// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import io.skopos.engine.text.StringSyntax;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a text into tokens, one at a time. Words are keywords whatever their case; names of
 * functions are so only before a parenthesis or a grouping, so that labels may have these names.
 * Comments begin with {@code #} or {@code //}, or stand between {@code /*} and {@code *}{@code /}.
 */
final class Lexer {

  private static final int END = -1;
  private static final String ESCAPES = "abfnrtv\\";
  private static final String DURATION_UNITS = "nu\u00b5mshdwy";
  private static final String SIZE_UNITS = "BikKMGTP";

  private final String text;
  private int at;
  private int line = 1;
  private int lineStart;
  private int tokenLine;
  private int tokenColumn;

  Lexer(String text) {
    this.text = text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  Token next() throws ParseFailed {
    skipBlanks();
    tokenLine = line;
    tokenColumn = text.codePointCount(lineStart, at) + 1;
    int c = peek();
    if (c == END) {
      return token(TokenType.END, "", 0);
    }
    if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
      return number();
    }
    if (c == '"') {
      return string();
    }
    if (c == '`') {
      return rawString();
    }
    if (c == '_' || Character.isLetter(c)) {
      return word();
    }
    if (c == '[') {
      return range();
    }
    if (c == '-') {
      Token token = flagOrNegativeDuration();
      if (token != null) {
        return token;
      }
    }
    return symbol();
  }

  private void skipBlanks() throws ParseFailed {
    while (true) {
      int c = peek();
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        advance();
      } else if (c == '#' || (c == '/' && peek(1) == '/')) {
        while (peek() != END && peek() != '\n') {
          advance();
        }
      } else if (c == '/' && peek(1) == '*') {
        skipComment();
      } else {
        return;
      }
    }
  }

  private void skipComment() throws ParseFailed {
    tokenLine = line;
    tokenColumn = text.codePointCount(lineStart, at) + 1;
    int end = text.indexOf("*/", at + 2);
    if (end < 0) {
      throw failed("comment not terminated");
    }
    while (at < end + 2) {
      advance();
    }
  }

  private Token number() throws ParseFailed {
    int start = at;
    scanNumber();
    String number = text.substring(start, at);
    Token duration = duration(number);
    if (duration != null) {
      return duration;
    }
    int end = run(SIZE_UNITS);
    if (end > at) {
      try {
        long bytes = Sizes.parse(number + text.substring(at, end));
        at = end;
        tokenLine = 0;
        return token(TokenType.BYTES, "", bytes);
      } catch (IllegalArgumentException _) {
        // The number stands for itself.
      }
    }
    return token(TokenType.NUMBER, number, 0);
  }

  private void scanNumber() throws ParseFailed {
    int prefix = peek() == '0' ? lower(peek(1)) : 0;
    boolean based = prefix == 'x' || prefix == 'o' || (prefix == 'b' && isDigit(peek(2)));
    boolean hexadecimal = prefix == 'x';
    if (based) {
      at += 2;
    }
    int digits = at;
    skipDigits(hexadecimal);
    if (peek() == '.') {
      at++;
      skipDigits(hexadecimal);
    }
    if (at == digits) {
      throw failed((hexadecimal ? "hexadecimal" : "decimal") + " literal has no digits");
    }
    int exponent = lower(peek());
    if ((exponent == 'e' && !based) || (exponent == 'p' && hexadecimal)) {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      if (!isDigit(peek())) {
        throw failed("exponent has no digits");
      }
      skipDigits(false);
    }
  }

  private void skipDigits(boolean hexadecimal) {
    while (isDigit(peek())
        || peek() == '_'
        || (hexadecimal && lower(peek()) >= 'a' && lower(peek()) <= 'f')) {
      at++;
    }
  }

  /** A duration that begins with what was read already, or null. */
  private @Nullable Token duration(String start) {
    int end = run(DURATION_UNITS);
    if (end == at) {
      return null;
    }
    try {
      long nanos = Durations.parse(start + text.substring(at, end));
      at = end;
      tokenLine = 0;
      return token(TokenType.DURATION, "", nanos);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /** Where the digits, dots and units that follow end. */
  private int run(String units) {
    int end = at;
    while (end < text.length()) {
      char c = text.charAt(end);
      if (!isDigit(c) && c != '.' && units.indexOf(c) < 0) {
        break;
      }
      end++;
    }
    return end;
  }

  private @Nullable Token flagOrNegativeDuration() {
    int start = at;
    if (peek(1) == '-') {
      int end = at + 2;
      while (end < text.length()
          && (Character.isLetter(text.charAt(end)) || text.charAt(end) == '-')) {
        end++;
      }
      String flag = text.substring(at, end);
      if (flag.equals("--strict") || flag.equals("--keep-empty")) {
        at = end;
        tokenLine = 0;
        return token(TokenType.PARSER_FLAG, flag, 0);
      }
      return null;
    }
    at++;
    Token duration = duration("-");
    if (duration == null) {
      at = start;
    }
    return duration;
  }

  private Token string() throws ParseFailed {
    int start = at;
    at++;
    while (peek() != '"') {
      int c = peek();
      if (c == END || c == '\n') {
        throw failed("literal not terminated");
      }
      at += Character.charCount(c);
      if (c == '\\') {
        skipEscape();
      }
    }
    at++;
    return token(TokenType.STRING, StringSyntax.unquote(text.substring(start, at)), 0);
  }

  private void skipEscape() throws ParseFailed {
    int c = peek();
    int digits =
        switch (c) {
          case 'x' -> 2;
          case 'u' -> 4;
          case 'U' -> 8;
          default -> c >= '0' && c <= '7' ? 3 : 0;
        };
    if (digits == 0) {
      if (c != '"' && ESCAPES.indexOf(c) < 0) {
        throw failed("invalid char escape");
      }
      at++;
      return;
    }
    boolean octal = digits == 3;
    int end = at + digits + (octal ? 0 : 1);
    int value = 0;
    for (int i = octal ? at : at + 1; i < end; i++) {
      int digit = i < text.length() ? Character.digit(text.charAt(i), octal ? 8 : 16) : -1;
      if (digit < 0) {
        throw failed("invalid char escape");
      }
      value = value * (octal ? 8 : 16) + digit;
    }
    boolean surrogate = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
    if (octal ? value > 255 : digits > 2 && (!Character.isValidCodePoint(value) || surrogate)) {
      throw failed("invalid syntax");
    }
    at = end;
  }

  private Token rawString() throws ParseFailed {
    int end = text.indexOf('`', at + 1);
    if (end < 0) {
      throw failed("literal not terminated");
    }
    String value = text.substring(at + 1, end).replace("\r", "");
    while (at <= end) {
      advance();
    }
    return token(TokenType.STRING, value, 0);
  }

  private Token range() throws ParseFailed {
    int end = text.indexOf(']', at);
    tokenLine = 0;
    if (end < 0) {
      throw failed("missing closing ']' in duration");
    }
    String duration = text.substring(at + 1, end);
    try {
      long nanos = Durations.parsePrometheus(duration);
      while (at <= end) {
        advance();
      }
      return token(TokenType.RANGE, "", nanos);
    } catch (IllegalArgumentException e) {
      throw failed(String.valueOf(e.getMessage()));
    }
  }

  private Token word() {
    int start = at;
    while (peek() != END
        && (peek() == '_' || Character.isLetter(peek()) || Character.isDigit(peek()))) {
      at += Character.charCount(peek());
    }
    String word = text.substring(start, at);
    TokenType type = TokenType.word(word);
    if (type == null || (type.isFunction() && !isCalled() && type != TokenType.LABEL_REPLACE)) {
      return token(TokenType.IDENTIFIER, word, 0);
    }
    return token(type, word, 0);
  }

  /** Whether a parenthesis follows, or a grouping with one. */
  private boolean isCalled() {
    int next = skipSpace(at);
    if (next == text.length()) {
      return false;
    }
    if (text.charAt(next) == '(') {
      return true;
    }
    String rest = text.substring(next, Math.min(text.length(), next + 7)).toLowerCase(Locale.ROOT);
    int keyword = rest.startsWith("by") ? 2 : rest.equals("without") ? 7 : 0;
    int open = keyword == 0 ? text.length() : skipSpace(next + keyword);
    return open < text.length() && text.charAt(open) == '(';
  }

  private int skipSpace(int from) {
    int next = from;
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    return next;
  }

  private Token symbol() {
    if (at + 2 <= text.length()) {
      TokenType pair = TokenType.symbol(text.substring(at, at + 2));
      if (pair != null) {
        at += 2;
        tokenLine = 0;
        return token(pair, "", 0);
      }
    }
    int start = at;
    advance();
    String single = text.substring(start, at);
    TokenType type = TokenType.symbol(single);
    return type == null ? token(TokenType.IDENTIFIER, single, 0) : token(type, "", 0);
  }

  private Token token(TokenType type, String value, long amount) {
    return new Token(type, value, amount, tokenLine, tokenColumn);
  }

  private ParseFailed failed(String problem) {
    return new ParseFailed(problem, tokenLine, tokenColumn);
  }

  private void advance() {
    int c = peek();
    at += Character.charCount(c);
    if (c == '\n') {
      line++;
      lineStart = at;
    }
  }

  private int peek() {
    return at < text.length() ? text.codePointAt(at) : END;
  }

  private int peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : END;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static int lower(int c) {
    return c | ('a' - 'A');
  }
}
