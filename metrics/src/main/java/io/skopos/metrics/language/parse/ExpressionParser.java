// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import io.skopos.engine.text.StringSyntax;
import io.skopos.metrics.language.ast.Aggregate;
import io.skopos.metrics.language.ast.AggregateOperator;
import io.skopos.metrics.language.ast.Binary;
import io.skopos.metrics.language.ast.BinaryOperator;
import io.skopos.metrics.language.ast.Call;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.NumberLiteral;
import io.skopos.metrics.language.ast.Paren;
import io.skopos.metrics.language.ast.PositionRange;
import io.skopos.metrics.language.ast.QueryDuration;
import io.skopos.metrics.language.ast.Signature;
import io.skopos.metrics.language.ast.Signatures;
import io.skopos.metrics.language.ast.StringLiteral;
import io.skopos.metrics.language.ast.Unary;
import io.skopos.metrics.language.ast.ValueType;
import io.skopos.metrics.language.ast.VectorMatching;
import io.skopos.metrics.language.ast.VectorSelector;
import io.skopos.model.Label;
import io.skopos.model.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Precedence climbing over the tokens. A sign binds like {@code *}, so {@code -1^2} is {@code
 * -(1^2)}; modifiers and brackets bind tighter than every operator.
 */
final class ExpressionParser {

  private final Tokens tokens;
  private final ModifierParser modifiers;

  /** How many calls deep the parser is, and how high the tree is that it returned last. */
  private int depth;

  private int height;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
    this.modifiers = new ModifierParser(tokens);
  }

  /** The whole text. */
  Expr parse() throws Tokens.Unexpected {
    Expr expr = expression(0);
    tokens.expect(TokenType.END);
    return expr;
  }

  /** The whole text, which must be one selector. */
  VectorSelector parseSelector() throws Tokens.Unexpected {
    VectorSelector selector;
    if (tokens.at(TokenType.LEFT_BRACE)) {
      selector = braces();
    } else if (tokens.type().maybeMetric()) {
      selector = metric(tokens.take());
    } else {
      throw tokens.unexpected();
    }
    tokens.expect(TokenType.END);
    return selector;
  }

  private Expr expression(int minimum) throws Tokens.Unexpected {
    bound(++depth);
    Expr left = signed();
    int highest = height;
    while (true) {
      BinaryOperator operator = tokens.type().operator();
      if (operator == null || operator.precedence() < minimum) {
        depth--;
        height = highest;
        return left;
      }
      tokens.take();
      boolean returnBool = tokens.accept(TokenType.BOOL);
      VectorMatching matching = new MatchingParser(tokens).parse();
      Expr right = expression(operator.precedence() + (operator.rightAssociative() ? 0 : 1));
      highest = bound(1 + Math.max(highest, height));
      left = new Binary(operator, left, right, matching, returnBool);
      if ((matching.fillLeft() != null || matching.fillRight() != null)
          && !tokens.options().fillModifiers()) {
        tokens.error(left.position(), "binop fill modifiers are experimental and not enabled");
      }
    }
  }

  private Expr signed() throws Tokens.Unexpected {
    if (!tokens.at(TokenType.PLUS) && !tokens.at(TokenType.MINUS)) {
      return modified();
    }
    Token sign = tokens.take();
    boolean negative = sign.type() == TokenType.MINUS;
    Expr operand = expression(BinaryOperator.POWER.precedence());
    PositionRange position = sign.position().to(operand.position());
    if (operand instanceof NumberLiteral number) {
      return new NumberLiteral(
          negative ? -number.value() : number.value(), number.duration(), position);
    }
    bound(++height);
    return new Unary(negative, operand, position);
  }

  /** An operand with what may follow it: ranges, offsets, {@code @}. */
  private Expr modified() throws Tokens.Unexpected {
    Expr operand = operand();
    int levels = height;
    Expr modified = modifiers.parse(operand);
    for (Expr inner = modified; inner != operand && !inner.children().isEmpty(); ) {
      levels = bound(levels + 1);
      inner = inner.children().getFirst();
    }
    height = levels;
    return modified;
  }

  private Expr operand() throws Tokens.Unexpected {
    height = 1;
    return switch (tokens.type()) {
      case NUMBER, DURATION -> {
        Token token = tokens.take();
        yield new NumberLiteral(
            Literals.seconds(tokens, token), token.type() == TokenType.DURATION, token.position());
      }
      case STRING -> {
        Token token = tokens.take();
        yield new StringLiteral(StringSyntax.unquote(token.text()), token.position());
      }
      case LEFT_PAREN -> {
        Token open = tokens.take();
        Expr inner = expression(0);
        Token close = tokens.expect(TokenType.RIGHT_PAREN);
        bound(++height);
        yield new Paren(inner, open.position().to(close.position()));
      }
      case LEFT_BRACE -> braces();
      default -> {
        if (!tokens.type().maybeMetric()) {
          throw tokens.unexpected();
        }
        yield named(tokens.take());
      }
    };
  }

  private Expr named(Token name) throws Tokens.Unexpected {
    return switch (name.type()) {
      case AGGREGATE ->
          switch (tokens.type()) {
            case LEFT_PAREN, BY, WITHOUT -> aggregate(name);
            default -> metric(name);
          };
      case IDENTIFIER, START, FINISH, STEP, RANGE, MIN_OF, MAX_OF ->
          tokens.at(TokenType.LEFT_PAREN) ? call(name) : metric(name);
      default -> metric(name);
    };
  }

  private Expr call(Token name) throws Tokens.Unexpected {
    Signature function = Signatures.find(name.text());
    List<Expr> arguments = arguments();
    if (function == null) {
      tokens.error(
          name.position(), "unknown function with name " + StringSyntax.quote(name.text()));
      function = new Signature(name.text(), List.of(), 0, ValueType.NONE, false);
    } else if (function.experimental() && !tokens.options().experimentalFunctions()) {
      tokens.error(
          name.position(), "function " + StringSyntax.quote(name.text()) + " is not enabled");
    }
    return new Call(function, arguments, new PositionRange(name.position().start(), tokens.end()));
  }

  private List<Expr> arguments() throws Tokens.Unexpected {
    tokens.expect(TokenType.LEFT_PAREN);
    List<Expr> arguments = new ArrayList<>();
    int highest = 0;
    if (!tokens.at(TokenType.RIGHT_PAREN)) {
      do {
        boolean trailing =
            !arguments.isEmpty()
                && (tokens.at(TokenType.RIGHT_PAREN) || tokens.at(TokenType.COMMA));
        if (trailing) {
          tokens.error(
              new PositionRange(tokens.end() - 1, tokens.end()),
              "trailing commas not allowed in function call args");
        } else {
          arguments.add(expression(0));
          highest = Math.max(highest, height);
        }
      } while (tokens.accept(TokenType.COMMA));
    }
    tokens.expect(TokenType.RIGHT_PAREN);
    height = bound(highest + 1);
    return arguments;
  }

  private Expr aggregate(Token name) throws Tokens.Unexpected {
    tokens.enterAggregate();
    boolean without = tokens.at(TokenType.WITHOUT);
    boolean grouped = without || tokens.at(TokenType.BY);
    List<String> grouping = List.of();
    if (grouped) {
      tokens.take();
      grouping = GroupingParser.labels(tokens);
    }
    List<Expr> arguments = arguments();
    tokens.leaveAggregate();
    if (!grouped && (tokens.at(TokenType.BY) || tokens.at(TokenType.WITHOUT))) {
      without = tokens.take().type() == TokenType.WITHOUT;
      grouping = GroupingParser.labels(tokens);
    }
    PositionRange position = new PositionRange(name.position().start(), tokens.end());
    AggregateOperator operator = Objects.requireNonNull(TokenType.aggregate(name.text()));
    return assemble(operator, arguments, grouping, without, position);
  }

  private Expr assemble(
      AggregateOperator operator,
      List<Expr> arguments,
      List<String> grouping,
      boolean without,
      PositionRange position) {
    int wanted = operator.hasParameter() ? 2 : 1;
    if (arguments.isEmpty()) {
      tokens.error(position, "no arguments for aggregate expression provided");
      arguments = List.of(new StringLiteral("", position));
    } else if (operator.experimental() && !tokens.options().experimentalFunctions()) {
      tokens.error(
          position,
          operator.symbol()
              + "() is experimental and must be enabled with"
              + " --enable-feature=promql-experimental-functions");
    } else if (arguments.size() != wanted) {
      tokens.error(
          position,
          "wrong number of arguments for aggregate expression provided, expected "
              + wanted
              + ", got "
              + arguments.size());
    }
    return new Aggregate(
        operator,
        arguments.getLast(),
        operator.hasParameter() ? arguments.getFirst() : null,
        grouping,
        without,
        position);
  }

  private VectorSelector metric(Token name) throws Tokens.Unexpected {
    List<Matcher> matchers = new ArrayList<>();
    if (tokens.at(TokenType.LEFT_BRACE)) {
      matchers.addAll(new SelectorParser(tokens).parse());
    }
    matchers.add(Matcher.equal(Label.METRIC_NAME, name.text()));
    return selector(name.text(), matchers, name.position().start());
  }

  private VectorSelector braces() throws Tokens.Unexpected {
    int start = tokens.peek().position().start();
    return selector("", new SelectorParser(tokens).parse(), start);
  }

  private VectorSelector selector(String name, List<Matcher> matchers, int start) {
    return new VectorSelector(
        name,
        matchers,
        QueryDuration.ZERO,
        null,
        VectorSelector.Edge.PLAIN,
        false,
        new PositionRange(start, tokens.end()));
  }

  private int bound(int levels) throws Tokens.Unexpected {
    if (levels > tokens.options().maxDepth()) {
      throw tokens.tooDeep();
    }
    return levels;
  }
}
