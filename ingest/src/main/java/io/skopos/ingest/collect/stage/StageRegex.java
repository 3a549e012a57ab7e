// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stage's regular expression, run by the quickest engine that can: in one pass, way after way, or
 * by RE2. Thread-safe.
 */
final class StageRegex {

  private final Pattern pattern;
  private final @Nullable OnePassRegex onePass;
  private final @Nullable BacktrackingRegex backtracking;

  private StageRegex(Pattern pattern) {
    this.pattern = pattern;
    this.onePass = OnePassRegex.of(pattern.pattern());
    this.backtracking = onePass == null ? BacktrackingRegex.of(pattern.pattern()) : null;
  }

  /**
   * @throws IllegalArgumentException saying what is wrong
   */
  static StageRegex compile(String regex) {
    return new StageRegex(LinearPatterns.compile(regex));
  }

  /** Numbers of the groups that have names. */
  Map<String, Integer> namedGroups() {
    return pattern.namedGroups();
  }

  Finder finder() {
    return new Finder();
  }

  /** Looks for the expression in one text after the other. Used by one thread. */
  final class Finder {

    private final @Nullable RegexMatcher fast =
        onePass != null ? onePass.matcher() : backtracking != null ? backtracking.matcher() : null;
    private @Nullable Matcher slow;

    boolean find(String text) {
      slow = null;
      if (fast != null) {
        switch (fast.find(text)) {
          case FOUND -> {
            return true;
          }
          case MISSING -> {
            return false;
          }
          case UNKNOWN -> {
            // The other engine says.
          }
        }
      }
      Matcher matcher = pattern.matcher(text);
      slow = matcher;
      return matcher.find();
    }

    /** What a group took of the text found last; null when it took no part. */
    @Nullable String group(int number) {
      Matcher matcher = slow;
      if (matcher != null) {
        return matcher.group(number);
      }
      return fast == null ? null : fast.group(number);
    }
  }
}
