// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Regular expressions of stages: RE2, in linear time, and not longer than real ones are. */
final class LinearPatterns {

  private static final int MAX_LENGTH = 64 * 1024;

  private LinearPatterns() {}

  /**
   * @throws IllegalArgumentException saying what is wrong
   */
  static Pattern compile(String regex) {
    if (regex.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a regex has " + regex.length() + " characters, the limit is " + MAX_LENGTH);
    }
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "the regex '" + regex + "' is not RE2: " + e.getDescription(), e);
    }
  }
}
