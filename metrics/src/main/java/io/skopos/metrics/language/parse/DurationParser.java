// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import io.skopos.metrics.language.ast.BinaryOperator;
import io.skopos.metrics.language.ast.DurationExpr;
import io.skopos.metrics.language.ast.PositionRange;
import io.skopos.metrics.language.ast.QueryDuration;
import org.jspecify.annotations.Nullable;

/**
 * Lengths of time in brackets and behind {@code offset}: single literals and, where switched on,
 * arithmetic.
 */
final class DurationParser {

  /** What fits the 64 bits of nanoseconds that Prometheus keeps. */
  private static final double MAX_SECONDS = 0x1p63 / 1e9;

  private static final String EXPECTED = "number, duration, step(), or range()";

  private final Tokens tokens;
  private String context = "";
  private String expected = "";
  private int depth;

  DurationParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /** A range, directly behind the opening bracket. */
  QueryDuration range() throws Tokens.Unexpected {
    context = "subquery or range selector";
    expected = EXPECTED;
    return positive(expression(0));
  }

  /** A subquery's step, directly behind the colon. */
  QueryDuration step() throws Tokens.Unexpected {
    context = "subquery selector";
    expected = "number, duration, step(), range(), or \"]\"";
    return positive(expression(0));
  }

  /**
   * What follows {@code offset}. Without parentheses it is one operand: {@code x offset 5m * 2}
   * doubles the values, not the offset.
   */
  QueryDuration offset() throws Tokens.Unexpected {
    context = "offset";
    expected = EXPECTED;
    if (tokens.at(TokenType.LEFT_PAREN)) {
      return toDuration(expression(0));
    }
    if (!tokens.at(TokenType.PLUS) && !tokens.at(TokenType.MINUS)) {
      return toDuration(operand());
    }
    Token sign = tokens.take();
    if (tokens.at(TokenType.PLUS) || tokens.at(TokenType.MINUS)) {
      return toDuration(signed(sign, expression(BinaryOperator.POWER.precedence())));
    }
    return toDuration(signed(sign, operand()));
  }

  private QueryDuration positive(@Nullable DurationExpr expression) {
    if (expression instanceof DurationExpr.Literal literal && literal.seconds() <= 0) {
      tokens.error(literal.position(), "duration must be greater than 0");
    }
    return toDuration(expression);
  }

  /** Null stands for something already complained about. */
  private static QueryDuration toDuration(@Nullable DurationExpr expression) {
    return switch (expression) {
      case null -> QueryDuration.ZERO;
      case DurationExpr.Literal literal -> {
        long millis = Math.round(literal.seconds() * 1e9) / 1_000_000;
        // Below a millisecond nothing is left; it is kept as written, to be refused when resolved.
        yield millis == 0 && literal.seconds() != 0
            ? new QueryDuration(0, literal)
            : QueryDuration.ofMillis(millis);
      }
      default -> new QueryDuration(0, expression);
    };
  }

  private @Nullable DurationExpr expression(int minimum) throws Tokens.Unexpected {
    if (++depth > tokens.options().maxDepth()) {
      throw tokens.tooDeep();
    }
    DurationExpr left;
    if (tokens.at(TokenType.PLUS) || tokens.at(TokenType.MINUS)) {
      Token sign = tokens.take();
      left = signed(sign, expression(BinaryOperator.POWER.precedence()));
    } else {
      left = operand();
    }
    int operators = 0;
    while (true) {
      BinaryOperator operator = arithmetic(tokens.type());
      if (operator == null || operator.precedence() < minimum) {
        depth -= 1 + operators;
        return left;
      }
      operators++;
      if (++depth > tokens.options().maxDepth()) {
        throw tokens.tooDeep();
      }
      PositionRange symbol = tokens.take().position();
      DurationExpr right =
          expression(operator.precedence() + (operator.rightAssociative() ? 0 : 1));
      left = combine(operator, symbol, left, right);
    }
  }

  private @Nullable DurationExpr combine(
      BinaryOperator operator,
      PositionRange symbol,
      @Nullable DurationExpr left,
      @Nullable DurationExpr right) {
    if (left == null || right == null) {
      return null;
    }
    experimental(left);
    if (right instanceof DurationExpr.Literal literal && literal.seconds() == 0) {
      if (operator == BinaryOperator.DIVIDE || operator == BinaryOperator.MODULO) {
        tokens.error(
            symbol, operator == BinaryOperator.DIVIDE ? "division by zero" : "modulo by zero");
        return null;
      }
    }
    return new DurationExpr.Arithmetic(operator, left, right);
  }

  private @Nullable DurationExpr operand() throws Tokens.Unexpected {
    return switch (tokens.type()) {
      case NUMBER, DURATION -> literal(tokens.take());
      case STEP, RANGE -> {
        Token name = tokens.take();
        expect(TokenType.LEFT_PAREN);
        PositionRange position = name.position().to(expect(TokenType.RIGHT_PAREN).position());
        DurationExpr call =
            name.type() == TokenType.STEP
                ? new DurationExpr.Step(position)
                : new DurationExpr.Range(position);
        experimental(call);
        yield call;
      }
      case MIN_OF, MAX_OF -> extreme();
      case LEFT_PAREN -> {
        tokens.take();
        DurationExpr inner = expression(0);
        expect(TokenType.RIGHT_PAREN);
        if (inner == null) {
          yield null;
        }
        experimental(inner);
        yield inner instanceof DurationExpr.Literal || inner instanceof DurationExpr.Paren
            ? inner
            : new DurationExpr.Paren(inner);
      }
      default -> throw tokens.unexpected(context, expected);
    };
  }

  private @Nullable DurationExpr extreme() throws Tokens.Unexpected {
    Token name = tokens.take();
    expect(TokenType.LEFT_PAREN);
    DurationExpr left = expression(0);
    expect(TokenType.COMMA);
    DurationExpr right = expression(0);
    PositionRange position = name.position().to(expect(TokenType.RIGHT_PAREN).position());
    if (left == null || right == null) {
      return null;
    }
    DurationExpr extreme =
        new DurationExpr.Extreme(name.type() == TokenType.MAX_OF, left, right, position);
    experimental(extreme);
    return extreme;
  }

  private Token expect(TokenType type) throws Tokens.Unexpected {
    if (!tokens.at(type)) {
      throw tokens.unexpected(context, expected);
    }
    return tokens.take();
  }

  private @Nullable DurationExpr signed(Token sign, @Nullable DurationExpr operand) {
    boolean negative = sign.type() == TokenType.MINUS;
    return switch (operand) {
      case null -> null;
      case DurationExpr.Literal literal ->
          new DurationExpr.Literal(
              negative ? -literal.seconds() : literal.seconds(),
              literal.duration(),
              sign.position().to(literal.position()));
      default ->
          negative
              ? new DurationExpr.Signed(true, operand, sign.position().to(operand.position()))
              : operand;
    };
  }

  private DurationExpr.@Nullable Literal literal(Token token) {
    double seconds = Literals.seconds(tokens, token);
    if (seconds > MAX_SECONDS || seconds < -MAX_SECONDS || Double.isNaN(seconds)) {
      tokens.error(token.position(), "duration out of range");
      return null;
    }
    return new DurationExpr.Literal(seconds, token.type() == TokenType.DURATION, token.position());
  }

  private void experimental(DurationExpr expression) {
    if (!tokens.options().durationExpressions()) {
      tokens.error(expression.position(), "experimental duration expression is not enabled");
    }
  }

  private static @Nullable BinaryOperator arithmetic(TokenType type) {
    return switch (type) {
      case PLUS, MINUS, MULTIPLY, DIVIDE, MODULO, POWER -> type.operator();
      default -> null;
    };
  }
}
