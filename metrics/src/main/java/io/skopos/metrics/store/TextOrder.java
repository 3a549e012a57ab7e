// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import java.util.Comparator;

/** The order of texts' UTF-8 bytes, which UTF-16 units do not have above U+FFFF. */
public final class TextOrder {

  public static final Comparator<String> BYTES = TextOrder::compare;

  private TextOrder() {}

  private static int compare(String left, String right) {
    int shared = Math.min(left.length(), right.length());
    for (int i = 0; i < shared; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        return Integer.compare(rank(a), rank(b));
      }
    }
    return left.length() - right.length();
  }

  /** Moves surrogates behind all other units. */
  private static int rank(char unit) {
    return Character.isSurrogate(unit) ? unit + 0x10000 : unit;
  }
}
