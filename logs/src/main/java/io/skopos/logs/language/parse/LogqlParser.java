// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import io.skopos.logs.language.ast.Expr;
import io.skopos.logs.language.ast.LogExpr;

/** Parses and checks queries. */
public final class LogqlParser {

  /** Longest query, in bytes. */
  public static final int MAX_LENGTH = 128 * 1024;

  private LogqlParser() {}

  /**
   * @throws ParseFailed when the text is no query, or its parts do not fit each other
   */
  public static Expr parse(String text) throws ParseFailed {
    if (text.length() >= MAX_LENGTH) {
      throw new ParseFailed("input size too long (" + text.length() + " > " + MAX_LENGTH + ")");
    }
    Tokens tokens = new Tokens(text);
    Expr expr = new ExpressionParser(tokens).parse();
    if (expr instanceof LogExpr log) {
      SelectorCheck.check(tokens, log);
    }
    tokens.end();
    return expr;
  }
}
