// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How names become Prometheus': the values of {@code otlp.translation_strategy}. */
public enum TranslationStrategy {
  UNDERSCORE_ESCAPING_WITH_SUFFIXES("UnderscoreEscapingWithSuffixes", true, true),
  UNDERSCORE_ESCAPING_WITHOUT_SUFFIXES("UnderscoreEscapingWithoutSuffixes", true, false),
  NO_UTF8_ESCAPING_WITH_SUFFIXES("NoUTF8EscapingWithSuffixes", false, true),
  NO_TRANSLATION("NoTranslation", false, false);

  private final String word;
  private final boolean escaping;
  private final boolean suffixes;

  TranslationStrategy(String word, boolean escaping, boolean suffixes) {
    this.word = word;
    this.escaping = escaping;
    this.suffixes = suffixes;
  }

  /** As it stands in prometheus.yml. */
  public String word() {
    return word;
  }

  /** Whether characters other than letters, digits and underscores are replaced. */
  boolean escaping() {
    return escaping;
  }

  /** Whether unit and type are appended to metrics' names. */
  boolean suffixes() {
    return suffixes;
  }

  /**
   * @throws IllegalArgumentException naming those there are
   */
  public static TranslationStrategy parse(String text) {
    for (TranslationStrategy strategy : values()) {
      if (strategy.word.equals(text)) {
        return strategy;
      }
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is no translation strategy; there are "
            + Arrays.stream(values())
                .map(TranslationStrategy::word)
                .collect(Collectors.joining(", ")));
  }
}
