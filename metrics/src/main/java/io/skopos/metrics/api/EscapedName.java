// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

/**
 * Undoes the escaping of label names in paths ({@code U__http_2e_status}), so that names with any
 * characters can be asked for (Prometheus' "values escaping").
 */
final class EscapedName {

  private static final String PREFIX = "U__";

  private EscapedName() {}

  /** The name meant; {@code text} itself when it is not escaped, or not well. */
  static String decode(String text) {
    if (!text.startsWith(PREFIX)) {
      return text;
    }
    StringBuilder name = new StringBuilder();
    int at = PREFIX.length();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '_') {
        name.append(c);
        continue;
      }
      int end = text.indexOf('_', at);
      if (end < 0 || end - at > 6) {
        return text;
      }
      if (end == at) {
        name.append('_');
      } else {
        int codePoint = hex(text, at, end);
        if (!Character.isValidCodePoint(codePoint)
            || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE)) {
          return text;
        }
        name.appendCodePoint(codePoint);
      }
      at = end + 1;
    }
    return name.toString();
  }

  private static int hex(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }
}
