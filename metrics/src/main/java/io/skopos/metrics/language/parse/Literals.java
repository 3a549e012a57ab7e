// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import io.skopos.metrics.language.ast.DurationSyntax;

/** Values of number and duration tokens; what is wrong with them joins the errors. */
final class Literals {

  private Literals() {}

  /** A number as it is, a duration in seconds; 0 for what cannot be read. */
  static double seconds(Tokens tokens, Token token) {
    try {
      return token.type() == TokenType.DURATION
          ? DurationSyntax.parse(token.text()) / 1000.0
          : NumberSyntax.parse(token.text());
    } catch (IllegalArgumentException e) {
      tokens.error(token.position(), String.valueOf(e.getMessage()));
      return 0;
    }
  }
}
