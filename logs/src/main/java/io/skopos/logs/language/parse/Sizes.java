// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;

/** Sizes of queries, in bytes: {@code 10GB}, {@code 2.5KiB}. */
final class Sizes {

  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("b", 1L),
          Map.entry("kib", 1L << 10),
          Map.entry("mib", 1L << 20),
          Map.entry("gib", 1L << 30),
          Map.entry("tib", 1L << 40),
          Map.entry("pib", 1L << 50),
          Map.entry("ki", 1L << 10),
          Map.entry("mi", 1L << 20),
          Map.entry("gi", 1L << 30),
          Map.entry("ti", 1L << 40),
          Map.entry("pi", 1L << 50),
          Map.entry("kb", 1_000L),
          Map.entry("mb", 1_000_000L),
          Map.entry("gb", 1_000_000_000L),
          Map.entry("tb", 1_000_000_000_000L),
          Map.entry("pb", 1_000_000_000_000_000L),
          Map.entry("k", 1_000L),
          Map.entry("m", 1_000_000L),
          Map.entry("g", 1_000_000_000L),
          Map.entry("t", 1_000_000_000_000L),
          Map.entry("p", 1_000_000_000_000_000L));

  private Sizes() {}

  /**
   * @throws IllegalArgumentException when the text is no size
   */
  static long parse(String text) {
    int digits = 0;
    while (digits < text.length()
        && ((text.charAt(digits) >= '0' && text.charAt(digits) <= '9')
            || text.charAt(digits) == '.')) {
      digits++;
    }
    Long unit = UNITS.get(text.substring(digits).toLowerCase(Locale.ROOT));
    if (digits == 0 || digits > 40 || unit == null) {
      throw new IllegalArgumentException("unhandled size name: " + text.substring(digits));
    }
    BigDecimal bytes = new BigDecimal(text.substring(0, digits)).multiply(BigDecimal.valueOf(unit));
    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("too large: " + text);
    }
    return bytes.longValue();
  }
}
