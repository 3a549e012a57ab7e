// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** How strings are quoted: as in Go, whose rules PromQL took over. */
public final class StringSyntax {

  private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b\\\"'";
  private static final String ESCAPES = "abfnrtv\\\"'";

  private StringSyntax() {}

  /** In double quotes, everything that does not print escaped. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(codePoint -> escape(out, codePoint, '"'));
    return out.append('"').toString();
  }

  /** One character in single quotes; negative stands for the end of the text. */
  public static String quote(int codePoint) {
    StringBuilder out = new StringBuilder(4).append('\'');
    escape(out, codePoint < 0 ? 0xfffd : codePoint, '\'');
    return out.append('\'').toString();
  }

  /** Whether a label name needs no quotes. */
  public static boolean isPlainLabelName(String name) {
    if (name.isEmpty() || isDigit(name.charAt(0))) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '_' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !isDigit(c)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The text inside any of the three quotings. The lexer has checked it; bytes that are not UTF-8
   * (from {@code \xff}) become U+FFFD, since label values are always UTF-8.
   */
  public static String unquote(String quoted) {
    String inside = quoted.substring(1, quoted.length() - 1);
    if (quoted.charAt(0) == '`' || inside.indexOf('\\') < 0) {
      return inside;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(inside.length());
    int i = 0;
    while (i < inside.length()) {
      int codePoint = inside.codePointAt(i);
      i += Character.charCount(codePoint);
      if (codePoint == '\\') {
        i = unescape(inside, i, out);
      } else {
        out.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static int unescape(String text, int at, ByteArrayOutputStream out) {
    char kind = text.charAt(at);
    int digits =
        switch (kind) {
          case 'x' -> 2;
          case 'u' -> 4;
          case 'U' -> 8;
          default -> 0;
        };
    if (digits > 0) {
      int value = Integer.parseUnsignedInt(text, at + 1, at + 1 + digits, 16);
      if (kind == 'x') {
        out.write(value);
      } else {
        out.writeBytes(Character.toString(value).getBytes(StandardCharsets.UTF_8));
      }
      return at + 1 + digits;
    }
    if (isDigit(kind)) {
      out.write(Integer.parseInt(text, at, at + 3, 8));
      return at + 3;
    }
    out.write(ESCAPED.charAt(ESCAPES.indexOf(kind)));
    return at + 1;
  }

  private static void escape(StringBuilder out, int codePoint, char quote) {
    int known = codePoint > '\\' ? -1 : ESCAPED.indexOf(codePoint);
    if (known >= 0 && (codePoint == quote || (codePoint != '"' && codePoint != '\''))) {
      out.append('\\').append(ESCAPES.charAt(known));
    } else if (prints(codePoint)) {
      out.appendCodePoint(codePoint);
    } else if (codePoint < ' ' || codePoint == 0x7f) {
      out.append(String.format("\\x%02x", codePoint));
    } else if (codePoint < 0x10000) {
      out.append(String.format("\\u%04x", codePoint));
    } else {
      out.append(String.format("\\U%08x", codePoint));
    }
  }

  /** Letters, marks, numbers, punctuation, symbols and the space. */
  public static boolean prints(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> true;
    };
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
