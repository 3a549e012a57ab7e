// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.engine.text.StringSyntax;

/** What label names may look like. */
final class LabelNames {

  private LabelNames() {}

  static void check(String name, String problem) {
    if (!StringSyntax.isPlainLabelName(name)) {
      throw new InvalidStage(problem);
    }
  }

  static boolean isWordByte(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
  }

  /** A field's name as a label's: every character a label may not have becomes an underscore. */
  static String sanitize(String key) {
    String trimmed = key.strip();
    if (trimmed.isEmpty()) {
      return "";
    }
    StringBuilder name = new StringBuilder(trimmed.length() + 1);
    if (trimmed.charAt(0) >= '0' && trimmed.charAt(0) <= '9') {
      name.append('_');
    }
    trimmed.codePoints().forEach(c -> name.append(isWordByte(c) ? (char) c : '_'));
    return name.toString();
  }
}
