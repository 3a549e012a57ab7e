// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import io.skopos.metrics.language.ast.VectorMatching;
import io.skopos.metrics.language.ast.VectorMatching.Cardinality;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may stand behind a binary operator: matching labels, grouping, fill values. */
final class MatchingParser {

  private final Tokens tokens;
  private boolean on;
  private List<String> labels = List.of();
  private Cardinality cardinality = Cardinality.ONE_TO_ONE;
  private List<String> include = List.of();
  private @Nullable Double fillLeft;
  private @Nullable Double fillRight;

  MatchingParser(Tokens tokens) {
    this.tokens = tokens;
  }

  VectorMatching parse() throws Tokens.Unexpected {
    if (tokens.at(TokenType.ON) || tokens.at(TokenType.IGNORING)) {
      on = tokens.take().type() == TokenType.ON;
      labels = GroupingParser.labels(tokens);
      grouping();
    }
    fill();
    return new VectorMatching(cardinality, labels, on, include, fillLeft, fillRight);
  }

  private void grouping() throws Tokens.Unexpected {
    if (tokens.accept(TokenType.GROUP_LEFT)) {
      cardinality = Cardinality.MANY_TO_ONE;
    } else if (tokens.accept(TokenType.GROUP_RIGHT)) {
      cardinality = Cardinality.ONE_TO_MANY;
    } else {
      return;
    }
    if (tokens.at(TokenType.LEFT_PAREN)) {
      include = GroupingParser.labels(tokens);
    }
  }

  private void fill() throws Tokens.Unexpected {
    if (tokens.accept(TokenType.FILL)) {
      fillLeft = value();
      fillRight = fillLeft;
    } else if (tokens.accept(TokenType.FILL_LEFT)) {
      fillLeft = value();
      if (tokens.accept(TokenType.FILL_RIGHT)) {
        fillRight = value();
      }
    } else if (tokens.accept(TokenType.FILL_RIGHT)) {
      fillRight = value();
      if (tokens.accept(TokenType.FILL_LEFT)) {
        fillLeft = value();
      }
    }
  }

  private double value() throws Tokens.Unexpected {
    tokens.expect(TokenType.LEFT_PAREN);
    boolean negative = tokens.at(TokenType.MINUS);
    if (negative || tokens.at(TokenType.PLUS)) {
      tokens.take();
    }
    if (!tokens.at(TokenType.NUMBER) && !tokens.at(TokenType.DURATION)) {
      throw tokens.unexpected();
    }
    double value = Literals.seconds(tokens, tokens.take());
    tokens.expect(TokenType.RIGHT_PAREN);
    return negative ? -value : value;
  }
}
