// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import io.skopos.model.Matcher;
import io.skopos.storage.index.LabelPattern;
import java.util.ArrayList;
import java.util.List;

/** Selectors and single matchers. */
final class SelectorParser {

  private final Tokens tokens;

  SelectorParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /** {@code {app="a", env!="dev"}}. */
  List<Matcher> parse() throws ParseFailed {
    tokens.expect(TokenType.OPEN_BRACE);
    List<Matcher> matchers = new ArrayList<>();
    if (tokens.accept(TokenType.CLOSE_BRACE)) {
      return matchers;
    }
    if (!tokens.at(TokenType.IDENTIFIER)) {
      throw tokens.unexpected(TokenType.IDENTIFIER, TokenType.CLOSE_BRACE);
    }
    do {
      matchers.add(matcher());
    } while (tokens.accept(TokenType.COMMA));
    if (!tokens.accept(TokenType.CLOSE_BRACE)) {
      throw tokens.unexpected(TokenType.CLOSE_BRACE, TokenType.COMMA);
    }
    return matchers;
  }

  private Matcher matcher() throws ParseFailed {
    String name = tokens.expect(TokenType.IDENTIFIER).text();
    Matcher.Type type =
        switch (tokens.type()) {
          case EQ -> Matcher.Type.EQUAL;
          case NEQ -> Matcher.Type.NOT_EQUAL;
          case RE -> Matcher.Type.REGEX;
          case NRE -> Matcher.Type.NOT_REGEX;
          default ->
              throw tokens.unexpected(TokenType.EQ, TokenType.RE, TokenType.NRE, TokenType.NEQ);
        };
    tokens.take();
    return of(type, name, tokens.expect(TokenType.STRING).text());
  }

  /**
   * @throws ParseFailed when the value is no expression where it should be one
   */
  static Matcher of(Matcher.Type type, String name, String value) throws ParseFailed {
    if (type == Matcher.Type.REGEX || type == Matcher.Type.NOT_REGEX) {
      try {
        LabelPattern.compile(value);
      } catch (IllegalArgumentException e) {
        throw new ParseFailed(String.valueOf(e.getMessage()));
      }
    }
    return new Matcher(type, name, value);
  }
}
