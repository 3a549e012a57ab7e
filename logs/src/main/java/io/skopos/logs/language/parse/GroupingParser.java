// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import io.skopos.engine.aggregation.Grouping;
import java.util.ArrayList;
import java.util.List;

/** {@code by (a, b)}, {@code without (a)} and other lists of labels. */
final class GroupingParser {

  private final Tokens tokens;

  GroupingParser(Tokens tokens) {
    this.tokens = tokens;
  }

  static boolean isNext(Tokens tokens) {
    return tokens.at(TokenType.BY) || tokens.at(TokenType.WITHOUT);
  }

  Grouping parse() throws ParseFailed {
    boolean without = tokens.take().type() == TokenType.WITHOUT;
    return new Grouping(without, labels());
  }

  /** In parentheses; none is a list, too. */
  List<String> labels() throws ParseFailed {
    tokens.expect(TokenType.OPEN_PARENTHESIS);
    List<String> labels = new ArrayList<>();
    if (tokens.accept(TokenType.CLOSE_PARENTHESIS)) {
      return labels;
    }
    if (!tokens.at(TokenType.IDENTIFIER)) {
      throw tokens.unexpected(TokenType.IDENTIFIER, TokenType.CLOSE_PARENTHESIS);
    }
    do {
      labels.add(tokens.expect(TokenType.IDENTIFIER).text());
    } while (tokens.accept(TokenType.COMMA));
    if (!tokens.accept(TokenType.CLOSE_PARENTHESIS)) {
      throw tokens.unexpected(TokenType.COMMA, TokenType.CLOSE_PARENTHESIS);
    }
    return labels;
  }
}
