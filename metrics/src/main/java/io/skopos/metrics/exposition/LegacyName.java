// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

/** Names as they had to be before any UTF-8 was allowed: letters, digits, underscores. */
final class LegacyName {

  private LegacyName() {}

  /**
   * @param colons allowed in names of metrics
   */
  static boolean is(String name, boolean colons) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 128 || !SeriesText.isNameByte((byte) c, colons, i > 0)) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /** The name with an underscore for everything else. */
  static String of(String name, boolean colons) {
    if (is(name, colons)) {
      return name;
    }
    StringBuilder legal = new StringBuilder(name.length());
    name.codePoints()
        .forEach(c -> {
          boolean good = c < 128 && SeriesText.isNameByte((byte) c, colons, !legal.isEmpty());
          legal.append(good ? (char) c : '_');
        });
    return legal.toString();
  }
}
