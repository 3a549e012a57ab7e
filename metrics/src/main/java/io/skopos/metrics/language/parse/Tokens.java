// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import io.skopos.metrics.language.ast.PositionRange;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens with one of lookahead, and the errors found so far. An unexpected token stops the
 * parsing at once; errors of meaning are gathered and the parsing goes on.
 */
final class Tokens {

  private final Lexer lexer;
  private final ParserOptions options;
  private final List<ParseError> errors = new ArrayList<>();
  private Token ahead;
  private int end;
  private int openAggregates;

  Tokens(byte[] utf8, ParserOptions options) {
    this.lexer = new Lexer(utf8);
    this.options = options;
    this.ahead = lexer.next();
  }

  ParserOptions options() {
    return options;
  }

  Token peek() {
    return ahead;
  }

  TokenType type() {
    return ahead.type();
  }

  boolean at(TokenType type) {
    return ahead.type() == type;
  }

  Token take() {
    Token token = ahead;
    end = token.position().end();
    ahead = lexer.next();
    return token;
  }

  boolean accept(TokenType type) {
    if (at(type)) {
      take();
      return true;
    }
    return false;
  }

  Token expect(TokenType type) throws Unexpected {
    if (!at(type)) {
      throw unexpected();
    }
    return take();
  }

  /** Where the token taken last ends. */
  int end() {
    return end;
  }

  /**
   * The parentheses of an aggregation begin: they are named when something in them is unexpected.
   */
  void enterAggregate() {
    openAggregates++;
  }

  void leaveAggregate() {
    openAggregates--;
  }

  Unexpected unexpected() {
    return unexpected(openAggregates > 0 ? "aggregation" : "", "");
  }

  Unexpected unexpected(String context, String expected) {
    if (at(TokenType.ERROR)) {
      error(ahead.position(), ahead.text());
    } else {
      error(
          ahead.position(),
          "unexpected "
              + ahead.describe()
              + (context.isEmpty() ? "" : " in " + context)
              + (expected.isEmpty() ? "" : ", expected " + expected));
    }
    return new Unexpected();
  }

  /** Stops for a limit of ours. */
  Unexpected tooDeep() {
    error(
        ahead.position(),
        "the expression is nested more than "
            + options.maxDepth()
            + " levels deep; record parts of it with rules");
    return new Unexpected();
  }

  void error(PositionRange position, String message) {
    errors.add(new ParseError(position, message));
  }

  List<ParseError> errors() {
    return errors;
  }

  /** Parsing cannot go on; the reason is among the errors. */
  static final class Unexpected extends Exception {

    private static final long serialVersionUID = 1L;

    private Unexpected() {
      super(null, null, false, false);
    }
  }
}
