// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.container;

import java.util.Arrays;

/**
 * Reads lines of Docker's json-file driver: {@code
 * {"log":"content\n","stream":"stdout","attrs":{...},"time":"2024-05-01T12:34:56.1Z"}}. A content
 * that does not end in a newline goes on in the next line. Used by one thread.
 */
public final class DockerLine {

  private byte[] text = new byte[4096];
  private byte[] bytes = text;
  private int at;
  private int to;
  private int textLength;

  /** False when the bytes are no such line; {@code into} is then undefined. */
  public boolean parse(byte[] line, int from, int end, ContainerLine into) {
    bytes = line;
    at = from;
    to = end;
    boolean log = false;
    into.timeNs = Rfc3339.NONE;
    into.stream = ContainerLine.Stream.STDOUT;
    if (!next('{')) {
      return false;
    }
    do {
      space();
      int name = at + 1;
      if (!skipString()) {
        return false;
      }
      int nameLength = at - 1 - name;
      if (!next(':')) {
        return false;
      }
      space();
      if (named(name, nameLength, "log")) {
        if (log || !readText()) {
          return false;
        }
        log = true;
      } else if (named(name, nameLength, "time")) {
        int value = at + 1;
        if (!skipString()) {
          return false;
        }
        into.timeNs = Rfc3339.parse(bytes, value, at - 1);
      } else if (named(name, nameLength, "stream")) {
        int value = at + 1;
        if (!skipString()) {
          return false;
        }
        if (named(value, at - 1 - value, "stderr")) {
          into.stream = ContainerLine.Stream.STDERR;
        }
      } else if (!skipValue()) {
        return false;
      }
    } while (next(','));
    if (!next('}') || !log || into.timeNs == Rfc3339.NONE) {
      return false;
    }
    space();
    boolean whole = textLength > 0 && text[textLength - 1] == '\n';
    int length = whole ? textLength - 1 : textLength;
    into.partial = !whole;
    into.bytes = text;
    into.from = 0;
    into.length = whole && length > 0 && text[length - 1] == '\r' ? length - 1 : length;
    return at == to;
  }

  private boolean named(int from, int length, String name) {
    if (length != name.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[from + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void space() {
    while (at < to && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r')) {
      at++;
    }
  }

  private boolean next(char c) {
    space();
    if (at < to && bytes[at] == c) {
      at++;
      return true;
    }
    return false;
  }

  private boolean skipString() {
    if (at >= to || bytes[at] != '"') {
      return false;
    }
    for (at++; at < to; at++) {
      if (bytes[at] == '"') {
        at++;
        return true;
      }
      if (bytes[at] == '\\') {
        at++;
      }
    }
    return false;
  }

  /** Any value of JSON; nesting is counted, not recursed into. */
  private boolean skipValue() {
    int depth = 0;
    do {
      space();
      if (at >= to) {
        return false;
      }
      switch (bytes[at]) {
        case '"' -> {
          if (!skipString()) {
            return false;
          }
        }
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          if (depth-- == 0) {
            return false;
          }
          at++;
        }
        case ',', ':' -> {
          if (depth == 0) {
            return false;
          }
          at++;
        }
        default -> {
          while (at < to && isWord(bytes[at])) {
            at++;
          }
          if (at < to && !isEndOfWord(bytes[at])) {
            return false;
          }
        }
      }
    } while (depth > 0);
    return true;
  }

  private static boolean isWord(byte b) {
    return b >= '0' && b <= '9'
        || b >= 'a' && b <= 'z'
        || b >= 'A' && b <= 'Z'
        || b == '+'
        || b == '-'
        || b == '.';
  }

  private static boolean isEndOfWord(byte b) {
    return b == ',' || b == '}' || b == ']' || b == ' ' || b == ':';
  }

  private boolean readText() {
    if (at >= to || bytes[at] != '"') {
      return false;
    }
    at++;
    textLength = 0;
    if (text.length < to - at) {
      text = new byte[Math.max(to - at, text.length * 2)];
    }
    while (at < to) {
      int run = at;
      while (run < to && bytes[run] != '"' && bytes[run] != '\\') {
        run++;
      }
      System.arraycopy(bytes, at, text, textLength, run - at);
      textLength += run - at;
      at = run;
      if (at == to) {
        return false;
      }
      if (bytes[at] == '"') {
        at++;
        return true;
      }
      if (!readEscape()) {
        return false;
      }
    }
    return false;
  }

  private boolean readEscape() {
    if (at + 1 >= to) {
      return false;
    }
    byte escaped = bytes[at + 1];
    at += 2;
    switch (escaped) {
      case 'n' -> put('\n');
      case 't' -> put('\t');
      case 'r' -> put('\r');
      case 'b' -> put('\b');
      case 'f' -> put('\f');
      case '"', '\\', '/' -> put(escaped);
      case 'u' -> {
        int unit = hex();
        if (unit < 0) {
          return false;
        }
        putUnit(unit);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private int hex() {
    if (to - at < 4) {
      return -1;
    }
    int value = 0;
    for (int end = at + 4; at < end; at++) {
      int digit = Character.digit(bytes[at], 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private void putUnit(int unit) {
    int point = unit;
    if (Character.isHighSurrogate((char) unit)
        && to - at >= 6
        && bytes[at] == '\\'
        && bytes[at + 1] == 'u') {
      int before = at;
      at += 2;
      int low = hex();
      if (low >= 0 && Character.isLowSurrogate((char) low)) {
        point = Character.toCodePoint((char) unit, (char) low);
      } else {
        at = before;
      }
    }
    if (point >= 0xD800 && point <= 0xDFFF) {
      point = 0xFFFD;
    }
    // An escape of six bytes or more never grows.
    if (point < 0x80) {
      put(point);
    } else if (point < 0x800) {
      put(0xC0 | point >> 6);
      put(0x80 | point & 0x3F);
    } else if (point < 0x10000) {
      put(0xE0 | point >> 12);
      put(0x80 | point >> 6 & 0x3F);
      put(0x80 | point & 0x3F);
    } else {
      put(0xF0 | point >> 18);
      put(0x80 | point >> 12 & 0x3F);
      put(0x80 | point >> 6 & 0x3F);
      put(0x80 | point & 0x3F);
    }
  }

  private void put(int b) {
    text[textLength++] = (byte) b;
  }

  /** The buffer is not kept when a giant line made it one. */
  public void shrink() {
    if (text.length > 1 << 20) {
      text = Arrays.copyOf(text, 4096);
    }
  }
}
