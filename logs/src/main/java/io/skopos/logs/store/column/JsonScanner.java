// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Takes the values out of a line that is one JSON object. Only what every reader of JSON
 * understands alike is taken apart: strictly well-formed, keys of plain ASCII, no invalid UTF-8 and
 * no lone surrogates. Keys, punctuation, white space and null stay in the template, strings are
 * values without their quotes and with their escapes, an array is one value that is no field.
 */
final class JsonScanner {

  private static final int DEEPEST = 24;

  private final Slots slots;
  private byte[] text = new byte[0];
  private int end;
  private boolean hasOthers;
  private String prefix = "";
  private final Set<String> named = new HashSet<>();

  JsonScanner(Slots slots) {
    this.slots = slots;
  }

  /** Whether the text is such an object; slots are the values then, and mean nothing else. */
  boolean scan(byte[] bytes, int from, int to) {
    text = bytes;
    end = to;
    hasOthers = false;
    prefix = "";
    named.clear();
    int at = object(from, 0);
    if (at < 0) {
      return false;
    }
    at = space(at);
    return at == to && !(hasOthers && !isText(from));
  }

  /** Valid UTF-8 without the character that stands for errors. */
  private boolean isText(int from) {
    String decoded = new String(text, from, end - from, StandardCharsets.UTF_8);
    return decoded.indexOf('\ufffd') < 0;
  }

  private int space(int from) {
    int at = from;
    while (at < end) {
      byte one = text[at];
      if (one != ' ' && one != '\t' && one != '\n' && one != '\r') {
        break;
      }
      at++;
    }
    return at;
  }

  /** Behind the object that begins here; -1 when none does. */
  private int object(int from, int depth) {
    if (depth > DEEPEST || from >= end || text[from] != '{') {
      return -1;
    }
    int at = space(from + 1);
    if (at < end && text[at] == '}') {
      return at + 1;
    }
    while (true) {
      if (at >= end || text[at] != '"') {
        return -1;
      }
      int keyFrom = at + 1;
      int keyTo = key(keyFrom);
      if (keyTo < 0) {
        return -1;
      }
      at = space(keyTo + 1);
      if (at >= end || text[at] != ':') {
        return -1;
      }
      at = space(at + 1);
      if (at >= end) {
        return -1;
      }
      at = member(keyFrom, keyTo, at, depth);
      if (at < 0) {
        return -1;
      }
      at = space(at);
      if (at >= end) {
        return -1;
      }
      if (text[at] == '}') {
        return at + 1;
      }
      if (text[at] != ',') {
        return -1;
      }
      at = space(at + 1);
    }
  }

  /** The end of a key of printable ASCII without escapes or outer spaces; -1 for others. */
  private int key(int from) {
    for (int at = from; at < end; at++) {
      byte one = text[at];
      if (one == '"') {
        return at > from && text[from] != ' ' && text[at - 1] != ' ' ? at : -1;
      }
      if (one < ' ' || one == '\\' || one == 127) {
        return -1;
      }
    }
    return -1;
  }

  private int member(int keyFrom, int keyTo, int at, int depth) {
    switch (text[at]) {
      case '"' -> {
        int last = string(at + 1);
        return last >= 0 && slot(at + 1, last, keyFrom, keyTo) ? last + 1 : -1;
      }
      case '{' -> {
        String outer = prefix;
        if (slots.names != null) {
          prefix = name(keyFrom, keyTo);
        }
        int last = object(at, depth + 1);
        prefix = outer;
        return last;
      }
      case '[' -> {
        int last = array(at, depth + 1);
        if (last < 0 || !slots.add(at, last)) {
          return -1;
        }
        if (slots.names != null) {
          slots.names.add(null);
        }
        return last;
      }
      case 't' -> {
        return literal(at, "true") && slot(at, at + 4, keyFrom, keyTo) ? at + 4 : -1;
      }
      case 'f' -> {
        return literal(at, "false") && slot(at, at + 5, keyFrom, keyTo) ? at + 5 : -1;
      }
      case 'n' -> {
        return literal(at, "null") ? at + 4 : -1;
      }
      default -> {
        int last = number(at);
        return last >= 0 && slot(at, last, keyFrom, keyTo) ? last : -1;
      }
    }
  }

  private boolean slot(int from, int to, int keyFrom, int keyTo) {
    if (slots.names != null) {
      String name = name(keyFrom, keyTo);
      slots.names.add(named.add(name) ? name : null);
    }
    return slots.add(from, to);
  }

  /**
   * As LogQL names it: outer keys in front, and underscores for what a label's name cannot have.
   */
  private String name(int from, int to) {
    StringBuilder name = new StringBuilder(prefix);
    if (!prefix.isEmpty()) {
      name.append('_');
    } else if (text[from] >= '0' && text[from] <= '9') {
      name.append('_');
    }
    FieldNames.append(text, from, to, name);
    return name.toString();
  }

  private boolean literal(int at, String word) {
    if (end - at < word.length()) {
      return false;
    }
    for (int i = 1; i < word.length(); i++) {
      if (text[at + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The closing quote of a string whose first byte is at {@code from}; -1 when it is not
   * well-formed.
   */
  private int string(int from) {
    byte[] bytes = text;
    int last = end;
    for (int at = from; at < last; at++) {
      byte one = bytes[at];
      if (one == '"') {
        return at;
      }
      if (one < ' ') {
        if (one < 0) {
          hasOthers = true;
        } else {
          return -1;
        }
      } else if (one == '\\') {
        at = escape(at + 1);
        if (at < 0) {
          return -1;
        }
      }
    }
    return -1;
  }

  /** The last byte of the escape whose letter is here. */
  private int escape(int at) {
    if (at >= end) {
      return -1;
    }
    switch (text[at]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return at;
      }
      case 'u' -> {
        if (at + 4 >= end) {
          return -1;
        }
        int unit = 0;
        for (int i = 1; i <= 4; i++) {
          int digit = Character.digit(text[at + i], 16);
          if (digit < 0) {
            return -1;
          }
          unit = unit << 4 | digit;
        }
        // Half of a character, or what stands for errors: each reader does something else.
        return Character.isSurrogate((char) unit) || unit == 0xfffd ? -1 : at + 4;
      }
      default -> {
        return -1;
      }
    }
  }

  private int number(int from) {
    int at = from;
    if (at < end && text[at] == '-') {
      at++;
    }
    int first = at;
    at = digits(at);
    if (at == first || (text[first] == '0' && at - first > 1)) {
      return -1;
    }
    if (at < end && text[at] == '.') {
      int fraction = at + 1;
      at = digits(fraction);
      if (at == fraction) {
        return -1;
      }
    }
    if (at < end && (text[at] == 'e' || text[at] == 'E')) {
      at++;
      if (at < end && (text[at] == '+' || text[at] == '-')) {
        at++;
      }
      int exponent = at;
      at = digits(exponent);
      if (at == exponent) {
        return -1;
      }
    }
    return at < end ? at : -1;
  }

  private int digits(int from) {
    int at = from;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    return at;
  }

  private int array(int from, int depth) {
    if (depth > DEEPEST) {
      return -1;
    }
    int at = space(from + 1);
    if (at < end && text[at] == ']') {
      return at + 1;
    }
    while (at < end) {
      at = element(at, depth);
      if (at < 0) {
        return -1;
      }
      at = space(at);
      if (at >= end) {
        return -1;
      }
      if (text[at] == ']') {
        return at + 1;
      }
      if (text[at] != ',') {
        return -1;
      }
      at = space(at + 1);
    }
    return -1;
  }

  /** Behind a value that is part of an array: it is only looked at. */
  private int element(int at, int depth) {
    return switch (text[at]) {
      case '"' -> {
        int last = string(at + 1);
        yield last < 0 ? -1 : last + 1;
      }
      case '[' -> array(at, depth + 1);
      case '{' -> objectInArray(at, depth + 1);
      case 't' -> literal(at, "true") ? at + 4 : -1;
      case 'f' -> literal(at, "false") ? at + 5 : -1;
      case 'n' -> literal(at, "null") ? at + 4 : -1;
      default -> number(at);
    };
  }

  private int objectInArray(int from, int depth) {
    if (depth > DEEPEST) {
      return -1;
    }
    int at = space(from + 1);
    if (at < end && text[at] == '}') {
      return at + 1;
    }
    while (at < end && text[at] == '"') {
      int last = string(at + 1);
      if (last < 0) {
        return -1;
      }
      at = space(last + 1);
      if (at >= end || text[at] != ':') {
        return -1;
      }
      at = space(at + 1);
      if (at >= end) {
        return -1;
      }
      at = element(at, depth);
      if (at < 0) {
        return -1;
      }
      at = space(at);
      if (at >= end) {
        return -1;
      }
      if (text[at] == '}') {
        return at + 1;
      }
      if (text[at] != ',') {
        return -1;
      }
      at = space(at + 1);
    }
    return -1;
  }
}
