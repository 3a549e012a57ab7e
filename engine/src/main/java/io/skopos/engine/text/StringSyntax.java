// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** How strings are quoted: as in Go, whose rules PromQL and LogQL took over. */
public final class StringSyntax {

  private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b\\\"'";
  private static final int STRAY_BYTE = 0xdc00;
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
   * The text inside any of the three quotings. The lexer has checked it. A byte that is not UTF-8
   * ({@code \xff}) becomes the lone surrogate U+DCFF, which no stored label can contain, and is
   * quoted as that byte again.
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
    return decode(out.toByteArray());
  }

  private static String decode(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer text = CharBuffer.allocate(bytes.length);
    while (true) {
      CoderResult result = decoder.decode(in, text, true);
      if (result.isUnderflow()) {
        return text.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        text.put((char) (STRAY_BYTE | (in.get() & 0xff)));
      }
    }
  }

  /** Whether a label may have this name: not empty and UTF-8. */
  public static boolean isLabelName(String name) {
    return !name.isEmpty() && name.codePoints().noneMatch(StringSyntax::isSurrogate);
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
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
    } else if (codePoint < ' ' || codePoint == 0x7f || codePoint >> 8 == STRAY_BYTE >> 8) {
      out.append(String.format("\\x%02x", codePoint & 0xff));
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
