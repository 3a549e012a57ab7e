// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.PositionRange;
import io.skopos.metrics.language.ast.VectorSelector;
import io.skopos.model.Matcher;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Parses PromQL. Thread-safe. */
public final class PromqlParser {

  private final ParserOptions options;

  public PromqlParser(ParserOptions options) {
    this.options = Objects.requireNonNull(options);
  }

  /**
   * A whole expression, its types checked.
   *
   * @throws ParseFailed when it is not one; the text is the user's fault
   */
  public Expr parse(String query) throws ParseFailed {
    Tokens tokens = tokens(query);
    try {
      if (tokens.at(TokenType.END)) {
        tokens.error(new PositionRange(0, 0), "no expression found in input");
        throw new ParseFailed(query, tokens.errors());
      }
      Expr expr = new ExpressionParser(tokens).parse();
      throwIfAny(query, tokens);
      Expr checked = new TypeCheck(query, tokens.errors()).check(expr);
      throwIfAny(query, tokens);
      return checked;
    } catch (Tokens.Unexpected _) {
      throw new ParseFailed(query, tokens.errors());
    }
  }

  /**
   * A single series selector without range and modifiers, as {@code match[]} carries it.
   *
   * @throws ParseFailed when it is not one; the text is the user's fault
   */
  public List<Matcher> parseSelector(String selector) throws ParseFailed {
    Tokens tokens = tokens(selector);
    try {
      VectorSelector parsed = new ExpressionParser(tokens).parseSelector();
      throwIfAny(selector, tokens);
      new TypeCheck(selector, tokens.errors()).check(parsed);
      throwIfAny(selector, tokens);
      return parsed.matchers();
    } catch (Tokens.Unexpected _) {
      throw new ParseFailed(selector, tokens.errors());
    }
  }

  private Tokens tokens(String text) throws ParseFailed {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > options.maxBytes()) {
      throw new ParseFailed(
          "",
          List.of(
              new ParseError(
                  new PositionRange(0, 0),
                  "the expression has "
                      + utf8.length
                      + " bytes, more than the "
                      + options.maxBytes()
                      + " allowed; record parts of it with rules")));
    }
    return new Tokens(utf8, options);
  }

  private static void throwIfAny(String query, Tokens tokens) throws ParseFailed {
    if (!tokens.errors().isEmpty()) {
      throw new ParseFailed(query, tokens.errors());
    }
  }
}
