// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Takes the values out of a line that is nothing but {@code key=value} pairs. As with JSON, only
 * what leaves no doubt is taken apart: keys of plain letters, digits and {@code _ - . / @}, values
 * neither empty nor half quoted.
 */
final class LogfmtScanner {

  private final Slots slots;

  LogfmtScanner(Slots slots) {
    this.slots = slots;
  }

  /** Whether the text is such a line; slots are the values then, and mean nothing else. */
  boolean scan(byte[] text, int from, int to) {
    Set<String> named = slots.names == null ? null : new HashSet<>();
    boolean hasOthers = false;
    int at = from;
    while (true) {
      while (at < to && text[at] == ' ') {
        at++;
      }
      if (at == to) {
        break;
      }
      int key = at;
      while (at < to && isKeyByte(text[at])) {
        at++;
      }
      if (at == key || at + 1 >= to || text[at] != '=') {
        return false;
      }
      int keyEnd = at++;
      int start = at;
      if (text[at] == '"') {
        start = ++at;
        while (at < to && text[at] != '"') {
          if (text[at] == '\\') {
            if (at + 1 >= to || "\"\\nrt".indexOf(text[at + 1]) < 0) {
              return false;
            }
            at++;
          } else if (text[at] < ' ') {
            if (text[at] >= 0) {
              return false;
            }
            hasOthers = true;
          }
          at++;
        }
        if (at >= to || (at + 1 < to && text[at + 1] != ' ')) {
          return false;
        }
        if (!slots.add(start, at)) {
          return false;
        }
        at++;
      } else {
        while (at < to && text[at] != ' ') {
          byte one = text[at];
          if (one == '"' || one == '=' || one == '\\' || one == 127 || (one < ' ' && one >= 0)) {
            return false;
          }
          hasOthers |= one < 0;
          at++;
        }
        if (at == start || !slots.add(start, at)) {
          return false;
        }
      }
      if (slots.names != null && named != null) {
        StringBuilder name = new StringBuilder();
        if (text[key] >= '0' && text[key] <= '9') {
          name.append('_');
        }
        FieldNames.append(text, key, keyEnd, name);
        slots.names.add(named.add(name.toString()) ? name.toString() : null);
      }
    }
    return slots.count >= 2
        && !(hasOthers
            && new String(text, from, to - from, StandardCharsets.UTF_8).indexOf('\ufffd') >= 0);
  }

  private static boolean isKeyByte(byte one) {
    return (one >= 'a' && one <= 'z')
        || (one >= 'A' && one <= 'Z')
        || (one >= '0' && one <= '9')
        || one == '_'
        || one == '-'
        || one == '.'
        || one == '/'
        || one == '@';
  }
}
