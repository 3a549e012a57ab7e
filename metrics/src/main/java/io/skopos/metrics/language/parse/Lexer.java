// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import static io.skopos.engine.text.StringSyntax.quote;

import io.skopos.engine.text.StringSyntax;
import io.skopos.metrics.language.ast.PositionRange;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a query into tokens, one {@link #next} at a time. Which tokens there are depends on open
 * braces (only names, strings and matching operators), on open brackets (durations and arithmetic)
 * and on nothing the parser knows. After an error or the end only that token follows.
 */
final class Lexer {

  private static final int END = -1;

  private enum Mode {
    EXPRESSION,
    BRACES,
    /** Behind an opening bracket, up to the first number. */
    DURATION
  }

  private final byte[] text;
  private Mode mode = Mode.EXPRESSION;
  private int start;
  private int position;
  private int openParens;
  private boolean bracketOpen;
  private boolean colonSeen;
  private boolean durationSeen;
  private @Nullable Token last;

  Lexer(byte[] utf8) {
    this.text = utf8;
  }

  Token next() {
    if (last != null) {
      return last;
    }
    Token token =
        switch (mode) {
          case EXPRESSION -> expression();
          case BRACES -> braces();
          case DURATION -> duration();
        };
    if (token.type() == TokenType.ERROR || token.type() == TokenType.END) {
      last = token;
    }
    return token;
  }

  private Token expression() {
    skipSpaceAndComments();
    int c = read();
    return switch (c) {
      case END -> end();
      case ',' -> token(TokenType.COMMA);
      case '*' -> token(TokenType.MULTIPLY);
      case '/' -> token(TokenType.DIVIDE);
      case '%' -> token(TokenType.MODULO);
      case '+' -> token(TokenType.PLUS);
      case '-' -> token(TokenType.MINUS);
      case '^' -> token(TokenType.POWER);
      case '@' -> token(TokenType.AT);
      case '=' -> equal();
      case '!' -> {
        int then = read();
        yield then == '='
            ? token(TokenType.NOT_EQUAL)
            : error("unexpected character after '!': " + quote(then));
      }
      case '<' ->
          accept("=")
              ? token(TokenType.LESS_OR_EQUAL)
              : token(accept("/") ? TokenType.TRIM_UPPER : TokenType.LESS);
      case '>' ->
          accept("=")
              ? token(TokenType.GREATER_OR_EQUAL)
              : token(accept("/") ? TokenType.TRIM_LOWER : TokenType.GREATER);
      case '"', '\'' -> string(c);
      case '`' -> rawString();
      case '(' -> {
        openParens++;
        yield token(TokenType.LEFT_PAREN);
      }
      case ')' -> rightParen();
      case '{' -> {
        mode = Mode.BRACES;
        yield token(TokenType.LEFT_BRACE);
      }
      case '[' -> leftBracket();
      case ']' -> rightBracket();
      default -> {
        if (startsNumber(c)) {
          position = start;
          yield numberOrDuration();
        }
        if (c != ':' && !isAlpha(c)) {
          yield error("unexpected character: " + quote(c));
        }
        yield bracketOpen ? wordInBrackets(c) : word();
      }
    };
  }

  private Token end() {
    if (openParens != 0) {
      return error("unclosed left parenthesis");
    }
    return bracketOpen ? error("unclosed left bracket") : token(TokenType.END);
  }

  private Token equal() {
    if (accept("=")) {
      return token(TokenType.EQUAL_EQUAL);
    }
    return peek() == '~' ? error("unexpected character after '=': '~'") : token(TokenType.EQUAL);
  }

  private Token rightParen() {
    openParens--;
    if (openParens < 0) {
      start = position;
      return error("unexpected right parenthesis ')'");
    }
    return token(TokenType.RIGHT_PAREN);
  }

  private Token leftBracket() {
    if (bracketOpen) {
      return error("unexpected left bracket '['");
    }
    bracketOpen = true;
    colonSeen = false;
    durationSeen = false;
    mode = Mode.DURATION;
    return token(TokenType.LEFT_BRACKET);
  }

  private Token rightBracket() {
    if (!bracketOpen) {
      return error("unexpected right bracket ']'");
    }
    bracketOpen = false;
    mode = Mode.EXPRESSION;
    return token(TokenType.RIGHT_BRACKET);
  }

  private Token wordInBrackets(int first) {
    if (first == ':') {
      if (colonSeen) {
        return error("unexpected colon ':'");
      }
      colonSeen = true;
      return token(TokenType.COLON);
    }
    Token keyword = durationKeyword();
    return keyword.type() == TokenType.ERROR
        ? error("unexpected character: " + quote(first) + ", expected ':'")
        : keyword;
  }

  private Token duration() {
    skipSpace();
    int c = read();
    return switch (c) {
      case END -> error("unexpected end of input in duration expression");
      case ']' -> rightBracket();
      case ':' -> {
        if (!durationSeen) {
          start = position;
          yield error("unexpected colon before duration in duration expression");
        }
        if (colonSeen) {
          start = position;
          yield error("unexpected repeated colon in duration expression");
        }
        colonSeen = true;
        yield token(TokenType.COLON);
      }
      case '(' -> {
        openParens++;
        yield token(TokenType.LEFT_PAREN);
      }
      case ')' -> rightParen();
      case '+' -> token(TokenType.PLUS);
      case '-' -> token(TokenType.MINUS);
      case '*' -> token(TokenType.MULTIPLY);
      case '/' -> token(TokenType.DIVIDE);
      case '%' -> token(TokenType.MODULO);
      case '^' -> token(TokenType.POWER);
      case ',' -> token(TokenType.COMMA);
      default -> {
        if (startsNumber(c)) {
          position = start;
          durationSeen = true;
          mode = Mode.EXPRESSION;
          yield numberOrDuration();
        }
        Token keyword = isAlpha(c) ? durationKeyword() : error("");
        if (keyword.type() == TokenType.ERROR) {
          yield error("unexpected character in duration expression: " + quote(c));
        }
        durationSeen = true;
        yield keyword;
      }
    };
  }

  /** The rest of a word that means something in durations, or an error without a message. */
  private Token durationKeyword() {
    while (isAlpha(peek())) {
      position++;
    }
    return switch (slice().toLowerCase(Locale.ROOT)) {
      case "step" -> token(TokenType.STEP);
      case "range" -> token(TokenType.RANGE);
      case "min_of" -> token(TokenType.MIN_OF);
      case "max_of" -> token(TokenType.MAX_OF);
      default -> error("");
    };
  }

  private Token braces() {
    skipSpaceAndComments();
    int c = read();
    return switch (c) {
      case END -> error("unexpected end of input inside braces");
      case ',' -> token(TokenType.COMMA);
      case '"', '\'' -> string(c);
      case '`' -> rawString();
      case '=' -> token(accept("~") ? TokenType.EQUAL_REGEX : TokenType.EQUAL);
      case '!' -> {
        int then = read();
        yield switch (then) {
          case '~' -> token(TokenType.NOT_EQUAL_REGEX);
          case '=' -> token(TokenType.NOT_EQUAL);
          default -> error("unexpected character after '!' inside braces: " + quote(then));
        };
      }
      case '{' -> error("unexpected left brace '{'");
      case '}' -> {
        mode = Mode.EXPRESSION;
        yield token(TokenType.RIGHT_BRACE);
      }
      default -> {
        if (!isAlpha(c)) {
          yield error("unexpected character inside braces: " + quote(c));
        }
        skipAlphanumeric();
        yield token(TokenType.IDENTIFIER);
      }
    };
  }

  private Token word() {
    while (isAlphanumeric(peek()) || peek() == ':') {
      position++;
    }
    String word = slice();
    TokenType keyword = TokenType.ofWord(word);
    if (keyword == TokenType.FILL
        || keyword == TokenType.FILL_LEFT
        || keyword == TokenType.FILL_RIGHT
        || keyword == TokenType.MIN_OF
        || keyword == TokenType.MAX_OF) {
      // Young keywords: metrics of that name go on working.
      keyword = parenFollows() ? keyword : null;
    }
    if (keyword != null) {
      return token(keyword);
    }
    return token(word.indexOf(':') < 0 ? TokenType.IDENTIFIER : TokenType.METRIC_IDENTIFIER);
  }

  private boolean parenFollows() {
    int ahead = position;
    while (ahead < text.length && isSpace(text[ahead])) {
      ahead++;
    }
    return ahead < text.length && text[ahead] == '(';
  }

  private Token string(int quote) {
    while (true) {
      int c = read();
      if (c == quote) {
        return token(TokenType.STRING);
      }
      if (c == END || c == '\n') {
        return error("unterminated quoted string");
      }
      if (c == 0xfffd) {
        return error("invalid UTF-8 rune");
      }
      if (c == '\\') {
        String problem = escape(quote);
        if (!problem.isEmpty()) {
          return error(problem);
        }
      }
    }
  }

  /** Checks what follows a backslash; returns what is wrong, or nothing. */
  private String escape(int quote) {
    int c = read();
    int digits;
    int base = 16;
    switch (c) {
      case 'a', 'b', 'f', 'n', 'r', 't', 'v', '\\' -> {
        return "";
      }
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        digits = 3;
        base = 8;
      }
      case 'x' -> digits = 2;
      case 'u' -> digits = 4;
      case 'U' -> digits = 8;
      case END -> {
        return "escape sequence not terminated";
      }
      default -> {
        return c == quote ? "" : "unknown escape sequence " + unicode(c);
      }
    }
    int largest = base == 8 || digits == 2 ? 255 : Character.MAX_CODE_POINT;
    if (base == 16) {
      c = read();
    }
    long value = 0;
    while (true) {
      int digit = c >= 0 && c < 0x80 ? Character.digit(c, base) : -1;
      if (digit < 0) {
        return c == END
            ? "escape sequence not terminated"
            : "illegal character " + unicode(c) + " in escape sequence";
      }
      value = value * base + digit;
      digits--;
      if (digits == 0) {
        break;
      }
      c = read();
    }
    return value > largest || (value >= 0xd800 && value < 0xe000)
        ? "escape sequence is an invalid Unicode code point"
        : "";
  }

  private static String unicode(int codePoint) {
    String code = String.format("U+%04X", codePoint);
    return StringSyntax.prints(codePoint)
        ? code + " '" + Character.toString(codePoint) + "'"
        : code;
  }

  private Token rawString() {
    while (true) {
      int c = read();
      if (c == '`') {
        return token(TokenType.STRING);
      }
      if (c == END) {
        return error("unterminated raw string");
      }
      if (c == 0xfffd) {
        return error("invalid UTF-8 rune");
      }
    }
  }

  private Token numberOrDuration() {
    if (number()) {
      return token(TokenType.NUMBER);
    }
    if (restOfDuration()) {
      return token(TokenType.DURATION);
    }
    return error("bad number or duration syntax: " + quote(slice()));
  }

  /**
   * Takes what looks like a number, which is checked later; false leaves the position where the
   * trouble began. Dots, exponents and underscores have places where they must not stand.
   */
  private boolean number() {
    String digits = "0123456789";
    boolean hexadecimal = accept("0") && accept("xX");
    if (hexadecimal) {
      accept("_");
      digits = "0123456789abcdefABCDEF";
    }
    accept(".");
    accept(digits);
    boolean dot = false;
    boolean exponent = false;
    while (isOneOf(digits) || isOneOf("._eE")) {
      if (peek() == '.' && dot) {
        position++;
        return false;
      }
      if (isOneOf("eE") && exponent) {
        position++;
        return false;
      }
      if (accept(".")) {
        dot = true;
        if (accept("_.") || hexadecimal) {
          return false;
        }
      } else if (accept("eE")) {
        exponent = true;
        accept("+-");
        if (accept("._eE") || peek() == END) {
          return false;
        }
      } else if (accept("_")) {
        if (accept("._eE") || peek() == END) {
          return false;
        }
      } else {
        while (accept(digits)) {}
      }
    }
    return position > start && !isAlphanumeric(peek());
  }

  /** The units and further parts of a duration whose first number has been taken. */
  private boolean restOfDuration() {
    if (!accept("smhdwy")) {
      return false;
    }
    accept("s");
    while (accept("0123456789")) {
      while (accept("0123456789")) {}
      if (!accept("smhdw")) {
        return false;
      }
      accept("s");
    }
    if (isAlphanumeric(peek())) {
      position++;
      return false;
    }
    return true;
  }

  private void skipSpaceAndComments() {
    skipSpace();
    while (peek() == '#') {
      while (peek() != END && peek() != '\n' && peek() != '\r') {
        position++;
      }
      skipSpace();
    }
  }

  private void skipSpace() {
    while (position < text.length && isSpace(text[position])) {
      position++;
    }
    start = position;
  }

  private void skipAlphanumeric() {
    while (isAlphanumeric(peek())) {
      position++;
    }
  }

  private boolean startsNumber(int c) {
    return isDigit(c) || (c == '.' && isDigit(peek()));
  }

  /** The next byte, without taking it. Enough for ASCII, which is all that is ever asked for. */
  private int peek() {
    return position < text.length ? text[position] : END;
  }

  private boolean isOneOf(String characters) {
    int c = peek();
    return c > 0 && characters.indexOf(c) >= 0;
  }

  private boolean accept(String characters) {
    if (isOneOf(characters)) {
      position++;
      return true;
    }
    return false;
  }

  /** Takes the next code point. */
  private int read() {
    if (position >= text.length) {
      return END;
    }
    int first = text[position++];
    if (first >= 0) {
      return first;
    }
    int more = first >= -16 ? 3 : first >= -32 ? 2 : 1;
    int codePoint = first & (0x3f >> more);
    while (more-- > 0 && position < text.length) {
      codePoint = codePoint << 6 | (text[position++] & 0x3f);
    }
    return codePoint;
  }

  private String slice() {
    return new String(text, start, position - start, StandardCharsets.UTF_8);
  }

  private Token token(TokenType type) {
    Token token = new Token(type, slice(), new PositionRange(start, position));
    start = position;
    return token;
  }

  private Token error(String message) {
    return new Token(TokenType.ERROR, message, new PositionRange(start, text.length));
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isAlpha(int c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isAlphanumeric(int c) {
    return isAlpha(c) || isDigit(c);
  }
}
