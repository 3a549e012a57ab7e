// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import io.skopos.engine.text.StringSyntax;
import java.util.ArrayList;
import java.util.List;

/** Label names in parentheses, as {@code by}, {@code on} and {@code group_left} have them. */
final class GroupingParser {

  private static final String CONTEXT = "grouping opts";

  private GroupingParser() {}

  static List<String> labels(Tokens tokens) throws Tokens.Unexpected {
    if (!tokens.at(TokenType.LEFT_PAREN)) {
      throw tokens.unexpected(CONTEXT, "\"(\"");
    }
    tokens.take();
    List<String> labels = new ArrayList<>();
    while (!(tokens.at(TokenType.RIGHT_PAREN))) {
      labels.add(label(tokens));
      if (!tokens.at(TokenType.RIGHT_PAREN) && !tokens.accept(TokenType.COMMA)) {
        throw tokens.unexpected(CONTEXT, "\",\" or \")\"");
      }
    }
    tokens.take();
    return labels;
  }

  private static String label(Tokens tokens) throws Tokens.Unexpected {
    if (tokens.type().maybeLabel()) {
      return tokens.take().text();
    }
    if (!tokens.at(TokenType.STRING)) {
      throw tokens.unexpected(CONTEXT, "label");
    }
    Token quoted = tokens.take();
    String name = StringSyntax.unquote(quoted.text());
    if (name.isEmpty()) {
      tokens.error(quoted.position(), "invalid label name for grouping: \"\"");
    }
    return name;
  }
}
