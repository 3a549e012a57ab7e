// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** String literals of the scripts. */
final class GoStrings {

  private GoStrings() {}

  static String unquote(String literal) {
    String inner = literal.substring(1, literal.length() - 1);
    if (literal.charAt(0) == '`') {
      return inner;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      if (c != '\\') {
        int codePoint = inner.codePointAt(i);
        out.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(codePoint) - 1;
        continue;
      }
      char escape = inner.charAt(++i);
      switch (escape) {
        case 'n' -> out.write('\n');
        case 't' -> out.write('\t');
        case 'r' -> out.write('\r');
        case 'a' -> out.write(7);
        case 'b' -> out.write('\b');
        case 'f' -> out.write('\f');
        case 'v' -> out.write(11);
        case 'x' -> {
          out.write(Integer.parseInt(inner.substring(i + 1, i + 3), 16));
          i += 2;
        }
        case 'u' -> {
          int codePoint = Integer.parseInt(inner.substring(i + 1, i + 5), 16);
          out.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
          i += 4;
        }
        default -> out.write(escape);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
