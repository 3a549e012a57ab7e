// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import io.skopos.engine.text.StringSyntax;
import io.skopos.metrics.language.ast.PositionRange;

/**
 * A piece of the query text.
 *
 * @param text as written; of an error its message
 */
record Token(TokenType type, String text, PositionRange position) {

  /** What it is called after "unexpected". */
  String describe() {
    return switch (type.kind()) {
      case END -> "end of input";
      case WORD ->
          (type == TokenType.IDENTIFIER ? "identifier " : "metric identifier ")
              + StringSyntax.quote(text);
      case LITERAL -> literal() + " " + shortened();
      case PUNCTUATION, CONTEXT -> StringSyntax.quote(text);
      case OPERATOR -> "<op:" + text + ">";
      case AGGREGATE -> "<aggr:" + text + ">";
      case KEYWORD -> "<" + text + ">";
    };
  }

  private String literal() {
    return switch (type) {
      case STRING -> "string";
      case NUMBER -> "number";
      default -> "duration";
    };
  }

  private String shortened() {
    if (position.end() - position.start() <= 10) {
      return StringSyntax.quote(text);
    }
    int end = text.offsetByCodePoints(0, Math.min(10, text.codePointCount(0, text.length())));
    return StringSyntax.quote(text.substring(0, end)) + "...";
  }
}
