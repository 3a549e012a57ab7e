// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import io.skopos.logs.language.ast.LabelFilter;
import io.skopos.logs.language.pipeline.Comparison;
import io.skopos.model.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Conditions on labels. {@code and} binds closer than {@code or}; a comma, or nothing at all
 * between two conditions, also means {@code and}, but takes all that follows as its right side.
 */
final class LabelFilterParser {

  private enum Joint {
    NONE,
    OR,
    AND,
    COMMA,
    BLANK
  }

  private final Tokens tokens;

  LabelFilterParser(Tokens tokens) {
    this.tokens = tokens;
  }

  LabelFilter parse() throws ParseFailed {
    return parse(Joint.NONE);
  }

  private LabelFilter parse(Joint before) throws ParseFailed {
    tokens.enter();
    LabelFilter left = single();
    while (true) {
      Joint joint = joint();
      if (joint == Joint.NONE || endsBefore(before, joint)) {
        tokens.leave();
        return left;
      }
      if (joint != Joint.BLANK) {
        tokens.take();
      }
      LabelFilter right = parse(joint);
      left = joint == Joint.OR ? new LabelFilter.Or(left, right) : new LabelFilter.And(left, right);
    }
  }

  private Joint joint() {
    return switch (tokens.type()) {
      case OR -> Joint.OR;
      case AND -> Joint.AND;
      case COMMA -> Joint.COMMA;
      case IDENTIFIER, OPEN_PARENTHESIS -> Joint.BLANK;
      default -> Joint.NONE;
    };
  }

  /** Whether the right side of the joint before does not reach over the next one. */
  private static boolean endsBefore(Joint before, Joint next) {
    return (before == Joint.AND && (next == Joint.AND || next == Joint.OR))
        || (before == Joint.OR && next == Joint.OR);
  }

  private LabelFilter single() throws ParseFailed {
    if (tokens.accept(TokenType.OPEN_PARENTHESIS)) {
      LabelFilter inner = parse();
      if (!tokens.accept(TokenType.CLOSE_PARENTHESIS)) {
        throw tokens.unexpected();
      }
      return inner;
    }
    if (!tokens.at(TokenType.IDENTIFIER)) {
      throw tokens.unexpected(TokenType.IDENTIFIER, TokenType.OPEN_PARENTHESIS);
    }
    String name = tokens.take().text();
    return switch (tokens.type()) {
      case RE -> text(name, Matcher.Type.REGEX);
      case NRE -> text(name, Matcher.Type.NOT_REGEX);
      case EQ -> any(name, Comparison.EQUAL, Matcher.Type.EQUAL);
      case NEQ -> any(name, Comparison.NOT_EQUAL, Matcher.Type.NOT_EQUAL);
      case CMP_EQ -> any(name, Comparison.EQUAL, null);
      case GT -> any(name, Comparison.GREATER, null);
      case GTE -> any(name, Comparison.GREATER_OR_EQUAL, null);
      case LT -> any(name, Comparison.LESS, null);
      case LTE -> any(name, Comparison.LESS_OR_EQUAL, null);
      default -> throw tokens.unexpected();
    };
  }

  private LabelFilter text(String name, Matcher.Type type) throws ParseFailed {
    tokens.take();
    return new LabelFilter.Text(
        SelectorParser.of(type, name, tokens.expect(TokenType.STRING).text()));
  }

  /**
   * @param type what the operator means to a text or an address; null when it is for amounts only
   */
  private LabelFilter any(String name, Comparison comparison, Matcher.@Nullable Type type)
      throws ParseFailed {
    tokens.take();
    if (type != null && tokens.at(TokenType.STRING)) {
      return new LabelFilter.Text(SelectorParser.of(type, name, tokens.take().text()));
    }
    if (type != null && tokens.accept(TokenType.IP)) {
      tokens.expect(TokenType.OPEN_PARENTHESIS);
      String range = tokens.expect(TokenType.STRING).text();
      tokens.expect(TokenType.CLOSE_PARENTHESIS);
      return new LabelFilter.Ip(name, comparison == Comparison.NOT_EQUAL, range);
    }
    return switch (tokens.type()) {
      case DURATION -> new LabelFilter.Duration(name, comparison, tokens.take().amount());
      case BYTES -> new LabelFilter.Bytes(name, comparison, tokens.take().amount());
      case NUMBER, ADD, SUB -> new LabelFilter.Number(name, comparison, Numbers.signed(tokens));
      default -> throw tokens.unexpected();
    };
  }
}
