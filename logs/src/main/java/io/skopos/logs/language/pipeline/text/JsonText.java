// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.text;

/**
 * JSON as the parser that Loki uses sees it: it finds the fields of an object without checking that
 * everything is well-formed. Positions are offsets; -1 means that there is none.
 */
public final class JsonText {

  public static final String MALFORMED = "Malformed JSON error";
  public static final String MALFORMED_STRING =
      "Value is string, but can't find closing '\"' symbol";
  public static final String MALFORMED_ARRAY = "Value is array, but can't find closing ']' symbol";
  public static final String MALFORMED_OBJECT =
      "Value looks like object, but can't find closing '}' symbol";
  public static final String UNKNOWN_TYPE = "Unknown value type";
  public static final String MALFORMED_ESCAPE =
      "Encountered an invalid escape sequence in a string";

  /** What a value is. */
  public enum Kind {
    STRING,
    NUMBER,
    BOOLEAN,
    NULL,
    OBJECT,
    ARRAY
  }

  /** Takes the fields of an object. */
  @FunctionalInterface
  public interface FieldVisitor {

    /**
     * @param key the array the key stands in, unescaped
     * @param valueFrom within the text; of strings the quotes are left out
     * @return what is wrong, or empty to go on
     */
    String visit(byte[] key, int keyFrom, int keyLength, Kind kind, int valueFrom, int valueLength);
  }

  private final byte[] bytes;
  private final int end;
  private String problem = "";
  private Kind kind = Kind.NULL;
  private int valueEnd;

  private JsonText(byte[] bytes, int end) {
    this.bytes = bytes;
    this.end = end;
  }

  /**
   * Visits the fields of the object that the text is.
   *
   * @return what is wrong, as the visitor or the text has it; empty when nothing is
   */
  public static String fields(byte[] bytes, int from, int length, FieldVisitor visitor) {
    return new JsonText(bytes, from + length).fields(from, visitor);
  }

  private String fields(int from, FieldVisitor visitor) {
    int at = token(from);
    if (at < 0 || bytes[at] != '{') {
      return MALFORMED_OBJECT;
    }
    at = token(at + 1);
    if (at < 0) {
      return MALFORMED;
    }
    while (bytes[at] != '}') {
      if (bytes[at] != '"') {
        return MALFORMED_OBJECT;
      }
      int keyFrom = at + 1;
      int keyEnd = stringEnd(bytes, keyFrom, end);
      if (keyEnd < 0) {
        return MALFORMED;
      }
      byte[] key = bytes;
      int keyStart = keyFrom;
      int keyLength = keyEnd - keyFrom;
      if (hasEscape(bytes, keyFrom, keyLength)) {
        byte[] into = new byte[keyLength];
        keyLength = unescape(bytes, keyFrom, keyLength, into, 0);
        if (keyLength < 0) {
          return MALFORMED_ESCAPE;
        }
        key = into;
        keyStart = 0;
      }
      at = token(keyEnd + 1);
      if (at < 0 || bytes[at] != ':') {
        return MALFORMED;
      }
      at = token(at + 1);
      if (at < 0) {
        return MALFORMED;
      }
      if (!value(at)) {
        return problem;
      }
      int quote = kind == Kind.STRING ? 1 : 0;
      String stopped =
          visitor.visit(key, keyStart, keyLength, kind, at + quote, valueEnd - at - 2 * quote);
      if (!stopped.isEmpty()) {
        return stopped;
      }
      at = token(valueEnd);
      if (at < 0) {
        return MALFORMED_ARRAY;
      }
      if (bytes[at] == ',') {
        at = token(at + 1);
        if (at < 0) {
          return MALFORMED_ARRAY;
        }
      } else if (bytes[at] != '}') {
        return MALFORMED_OBJECT;
      }
    }
    return "";
  }

  private boolean value(int at) {
    switch (bytes[at]) {
      case '"' -> {
        kind = Kind.STRING;
        valueEnd = stringEnd(bytes, at + 1, end) + 1;
        return valueEnd > 0 || wrong(MALFORMED_STRING);
      }
      case '[' -> {
        kind = Kind.ARRAY;
        valueEnd = blockEnd(bytes, at, end);
        return valueEnd >= 0 || wrong(MALFORMED_ARRAY);
      }
      case '{' -> {
        kind = Kind.OBJECT;
        valueEnd = blockEnd(bytes, at, end);
        return valueEnd >= 0 || wrong(MALFORMED_OBJECT);
      }
      default -> {
        valueEnd = at;
        while (valueEnd < end && !endsToken(bytes[valueEnd])) {
          valueEnd++;
        }
        return scalar(at);
      }
    }
  }

  private boolean scalar(int at) {
    byte first = bytes[at];
    if (first == '-' || (first >= '0' && first <= '9')) {
      kind = Kind.NUMBER;
      return true;
    }
    if (is(at, "true") || is(at, "false")) {
      kind = Kind.BOOLEAN;
      return true;
    }
    kind = Kind.NULL;
    return is(at, "null") || wrong(UNKNOWN_TYPE);
  }

  private boolean is(int at, String word) {
    if (valueEnd - at != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (bytes[at + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean wrong(String what) {
    problem = what;
    return false;
  }

  private int token(int from) {
    int at = from;
    while (at < end && isSpace(bytes[at])) {
      at++;
    }
    return at < end ? at : -1;
  }

  public static boolean isSpace(byte c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private static boolean endsToken(byte c) {
    return c == ',' || c == '}' || c == ']' || isSpace(c);
  }

  /** Where the quote is that ends the string which begins at {@code from}. */
  public static int stringEnd(byte[] bytes, int from, int end) {
    for (int at = from; at < end; at++) {
      byte c = bytes[at];
      if (c == '"') {
        return at;
      }
      if (c == '\\') {
        at++;
      }
    }
    return -1;
  }

  /** Behind the bracket that closes the one at {@code from}; looks at this kind of bracket only. */
  public static int blockEnd(byte[] bytes, int from, int end) {
    byte open = bytes[from];
    int close = open + 2;
    int depth = 0;
    for (int at = from; at < end; at++) {
      byte c = bytes[at];
      if (c == '"') {
        at = stringEnd(bytes, at + 1, end);
        if (at < 0) {
          return -1;
        }
      } else if (c == open) {
        depth++;
      } else if (c == close && --depth == 0) {
        return at + 1;
      }
    }
    return -1;
  }

  public static boolean hasEscape(byte[] bytes, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (bytes[i] == '\\') {
        return true;
      }
    }
    return false;
  }

  /**
   * Unescapes into room as large as the text.
   *
   * @return the length, or -1 when an escape is invalid
   */
  public static int unescape(byte[] bytes, int from, int length, byte[] into, int intoFrom) {
    int end = from + length;
    int to = intoFrom;
    for (int at = from; at < end; at++) {
      byte c = bytes[at];
      if (c != '\\') {
        into[to++] = c;
        continue;
      }
      if (++at == end) {
        return -1;
      }
      switch (bytes[at]) {
        case '"', '\\', '/' -> into[to++] = bytes[at];
        case 'b' -> into[to++] = '\b';
        case 'f' -> into[to++] = '\f';
        case 'n' -> into[to++] = '\n';
        case 'r' -> into[to++] = '\r';
        case 't' -> into[to++] = '\t';
        case 'u' -> {
          int code = hex(bytes, at + 1, end);
          at += 4;
          if (code >= 0xd800 && code < 0xdc00) {
            boolean low = at + 2 < end && bytes[at + 1] == '\\' && bytes[at + 2] == 'u';
            int second = low ? hex(bytes, at + 3, end) : -1;
            code =
                second >= 0xdc00 && second < 0xe000
                    ? Character.toCodePoint((char) code, (char) second)
                    : -1;
            at += 6;
          } else if (code >= 0xdc00 && code < 0xe000) {
            code = -1;
          }
          if (code < 0) {
            return -1;
          }
          to = Utf8.write(code, into, to);
        }
        default -> {
          return -1;
        }
      }
    }
    return to - intoFrom;
  }

  private static int hex(byte[] bytes, int from, int end) {
    if (from + 4 > end) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = bytes[i] < 0 ? -1 : Character.digit(bytes[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = (value << 4) | digit;
    }
    return value;
  }
}
