// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.skopos.engine.text.StringSyntax;
import io.skopos.metrics.language.ast.PositionRange;
import io.skopos.model.Label;
import io.skopos.model.Matcher;
import io.skopos.storage.index.LabelPattern;
import java.util.ArrayList;
import java.util.List;

/** The inside of braces: matchers, and the metric's name in quotes. */
final class SelectorParser {

  private static final String CONTEXT = "label matching";
  private static final String DOTALL = "(?s)";

  private final Tokens tokens;

  SelectorParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /** From the opening brace, which is next, to the closing one. */
  List<Matcher> parse() throws Tokens.Unexpected {
    tokens.expect(TokenType.LEFT_BRACE);
    List<Matcher> matchers = new ArrayList<>();
    while (!tokens.accept(TokenType.RIGHT_BRACE)) {
      matcher(matchers);
      if (!tokens.at(TokenType.RIGHT_BRACE) && !tokens.accept(TokenType.COMMA)) {
        throw tokens.unexpected(CONTEXT, "\",\" or \"}\"");
      }
    }
    return matchers;
  }

  private void matcher(List<Matcher> matchers) throws Tokens.Unexpected {
    boolean quoted = tokens.at(TokenType.STRING);
    if (!quoted && !tokens.at(TokenType.IDENTIFIER)) {
      throw tokens.unexpected(CONTEXT, "identifier or \"}\"");
    }
    Token label = tokens.take();
    String name = quoted ? StringSyntax.unquote(label.text()) : label.text();
    Matcher.Type type;
    switch (tokens.type()) {
      case EQUAL -> type = Matcher.Type.EQUAL;
      case NOT_EQUAL -> type = Matcher.Type.NOT_EQUAL;
      case EQUAL_REGEX -> type = Matcher.Type.REGEX;
      case NOT_EQUAL_REGEX -> type = Matcher.Type.NOT_REGEX;
      default -> {
        if (quoted) {
          matchers.add(Matcher.equal(Label.METRIC_NAME, name));
          return;
        }
        throw tokens.unexpected(CONTEXT, "label matching operator");
      }
    }
    tokens.take();
    if (!tokens.at(TokenType.STRING)) {
      throw tokens.unexpected(CONTEXT, "string");
    }
    Token value = tokens.take();
    Matcher matcher = new Matcher(type, name, StringSyntax.unquote(value.text()));
    checkPattern(matcher, label.position().to(value.position()));
    matchers.add(matcher);
  }

  private void checkPattern(Matcher matcher, PositionRange position) {
    if (matcher.type() == Matcher.Type.EQUAL || matcher.type() == Matcher.Type.NOT_EQUAL) {
      return;
    }
    try {
      LabelPattern.checkSize(matcher.value());
    } catch (IllegalArgumentException e) {
      tokens.error(position, String.valueOf(e.getMessage()));
      return;
    }
    try {
      Pattern.compile(matcher.value(), Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      // The flag is put in front of the pattern and would be quoted with it.
      String blamed = e.getPattern();
      boolean flagged = blamed.startsWith(DOTALL) && !matcher.value().startsWith(DOTALL);
      tokens.error(
          position,
          "error parsing regexp: "
              + e.getDescription()
              + ": `"
              + (flagged ? blamed.substring(DOTALL.length()) : blamed)
              + "`");
    }
  }

  /** Whether a series without the label fits. */
  static boolean matchesEmpty(Matcher matcher) {
    return switch (matcher.type()) {
      case EQUAL -> matcher.value().isEmpty();
      case NOT_EQUAL -> !matcher.value().isEmpty();
      case REGEX -> Pattern.compile(matcher.value(), Pattern.DOTALL).matches("");
      case NOT_REGEX -> !Pattern.compile(matcher.value(), Pattern.DOTALL).matches("");
    };
  }
}
