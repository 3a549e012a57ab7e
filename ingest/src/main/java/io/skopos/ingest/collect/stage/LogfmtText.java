// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import java.util.function.BiConsumer;

/** Reads {@code key=value key="quoted value" key} from left to right; what is neither is skipped. */
final class LogfmtText {

  private LogfmtText() {}

  static void forEach(String text, BiConsumer<String, String> field) {
    int at = 0;
    int end = text.length();
    while (at < end) {
      while (at < end && !isKey(text.charAt(at))) {
        at++;
      }
      int from = at;
      while (at < end && isKey(text.charAt(at))) {
        at++;
      }
      if (from == at) {
        return;
      }
      String name = text.substring(from, at);
      if (at == end || text.charAt(at) != '=') {
        field.accept(name, "");
        continue;
      }
      at++;
      if (at < end && text.charAt(at) == '"') {
        StringBuilder value = new StringBuilder();
        at = quoted(text, at + 1, value);
        field.accept(name, value.toString());
      } else {
        int valueFrom = at;
        while (at < end && text.charAt(at) > ' ') {
          at++;
        }
        field.accept(name, text.substring(valueFrom, at));
      }
    }
  }

  private static int quoted(String text, int from, StringBuilder value) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c == '\\' && at < text.length()) {
        char escaped = text.charAt(at++);
        value.append(
            switch (escaped) {
              case 'n' -> '\n';
              case 't' -> '\t';
              case 'r' -> '\r';
              default -> escaped;
            });
      } else {
        value.append(c);
      }
    }
    return at + 1;
  }

  private static boolean isKey(char c) {
    return c > ' ' && c != '=' && c != '"';
  }
}
