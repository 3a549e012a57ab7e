// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import io.skopos.logs.language.ast.LogExpr;
import io.skopos.model.Matcher;
import io.skopos.storage.index.LabelPattern;

/** A selector has to say something about the streams it is after. */
final class SelectorCheck {

  private static final String PROBLEM =
      "queries require at least one regexp or equality matcher that does not have an"
          + " empty-compatible value. For instance, app=~\".*\" does not meet this requirement, but"
          + " app=~\".+\" will";

  private SelectorCheck() {}

  static void check(Tokens tokens, LogExpr log) {
    if (log.matchers().stream().allMatch(SelectorCheck::matchesEmpty)) {
      tokens.problem(tokens.problems(), PROBLEM);
    }
  }

  private static boolean matchesEmpty(Matcher matcher) {
    return switch (matcher.type()) {
      case EQUAL -> matcher.value().isEmpty();
      case NOT_EQUAL -> !matcher.value().isEmpty();
      case REGEX -> LabelPattern.compile(matcher.value()).matchesEmpty();
      case NOT_REGEX -> !LabelPattern.compile(matcher.value()).matchesEmpty();
    };
  }
}
