// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import io.skopos.metrics.language.ast.AtModifier;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.MatrixSelector;
import io.skopos.metrics.language.ast.PositionRange;
import io.skopos.metrics.language.ast.QueryDuration;
import io.skopos.metrics.language.ast.Subquery;
import io.skopos.metrics.language.ast.VectorSelector;
import io.skopos.metrics.language.ast.VectorSelector.Edge;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may follow an operand, any number of times: a range or subquery in brackets, {@code offset},
 * {@code @}, {@code anchored}, {@code smoothed}.
 */
final class ModifierParser {

  private final Tokens tokens;

  ModifierParser(Tokens tokens) {
    this.tokens = tokens;
  }

  Expr parse(Expr operand) throws Tokens.Unexpected {
    Expr expr = operand;
    // A range on something that is no selector; complained about, but further modifiers are read.
    boolean brokenRange = false;
    int levels = 0;
    while (true) {
      switch (tokens.type()) {
        case LEFT_BRACKET -> {
          if (++levels > tokens.options().maxDepth()) {
            throw tokens.tooDeep();
          }
          Expr before = expr;
          expr = brackets(expr);
          brokenRange = expr instanceof MatrixSelector && !(before instanceof VectorSelector);
        }
        case OFFSET -> {
          tokens.take();
          QueryDuration offset = new DurationParser(tokens).offset();
          expr = brokenRange ? complain(expr) : offset(expr, offset);
        }
        case AT -> {
          tokens.take();
          AtModifier at = at(expr);
          expr = brokenRange ? complain(expr) : at(expr, at);
        }
        case ANCHORED -> {
          tokens.take();
          expr = brokenRange ? expr : edge(expr, Edge.ANCHORED, "anchored");
        }
        case SMOOTHED -> {
          tokens.take();
          expr = brokenRange ? expr : edge(expr, Edge.SMOOTHED, "smoothed");
        }
        default -> {
          return expr;
        }
      }
    }
  }

  private Expr complain(Expr expr) {
    tokens.error(expr.position(), "ranges only allowed for vector selectors");
    return expr;
  }

  private Expr brackets(Expr expr) throws Tokens.Unexpected {
    Token open = tokens.take();
    QueryDuration range = new DurationParser(tokens).range();
    if (tokens.at(TokenType.RIGHT_BRACKET)) {
      return matrix(expr, range, open.position().to(tokens.take().position()));
    }
    if (!tokens.accept(TokenType.COLON)) {
      throw tokens.unexpected("subquery or range", "\":\" or \"]\"");
    }
    QueryDuration step = QueryDuration.ZERO;
    if (!tokens.at(TokenType.RIGHT_BRACKET)) {
      step = new DurationParser(tokens).step();
    }
    if (!tokens.at(TokenType.RIGHT_BRACKET)) {
      throw tokens.unexpected("subquery selector", "\"]\"");
    }
    PositionRange position = expr.position().to(tokens.take().position());
    return new Subquery(expr, range, step, QueryDuration.ZERO, null, position);
  }

  private Expr matrix(Expr expr, QueryDuration range, PositionRange brackets) {
    PositionRange position = expr.position().to(brackets);
    if (!(expr instanceof VectorSelector selector)) {
      tokens.error(brackets, "ranges only allowed for vector selectors");
      VectorSelector nothing =
          new VectorSelector(
              "", List.of(), QueryDuration.ZERO, null, Edge.PLAIN, false, expr.position());
      return new MatrixSelector(nothing, range, position);
    }
    if (!selector.offset().isAbsent()) {
      tokens.error(brackets, "no offset modifiers allowed before range");
    } else if (selector.at() != null) {
      tokens.error(brackets, "no @ modifiers allowed before range");
    }
    return new MatrixSelector(selector, range, position);
  }

  private Expr offset(Expr expr, QueryDuration offset) {
    PositionRange position = new PositionRange(expr.position().start(), tokens.end());
    return switch (expr) {
      case VectorSelector selector -> {
        checkOnce(expr, selector.offset());
        yield selector.withOffset(offset).withPosition(position);
      }
      case MatrixSelector matrix -> {
        checkOnce(expr, matrix.selector().offset());
        yield new MatrixSelector(matrix.selector().withOffset(offset), matrix.range(), position);
      }
      case Subquery subquery -> {
        checkOnce(expr, subquery.offset());
        yield subquery.withOffset(offset).withPosition(position);
      }
      default -> {
        tokens.error(
            expr.position(),
            "offset modifier must be preceded by an instant vector selector or range vector"
                + " selector or a subquery");
        yield expr;
      }
    };
  }

  private void checkOnce(Expr expr, QueryDuration before) {
    if (!before.isAbsent()) {
      tokens.error(expr.position(), "offset may not be set multiple times");
    }
  }

  /** What follows the {@code @}. */
  private AtModifier at(Expr expr) throws Tokens.Unexpected {
    if (tokens.at(TokenType.START) || tokens.at(TokenType.FINISH)) {
      boolean start = tokens.take().type() == TokenType.START;
      expectForAt(TokenType.LEFT_PAREN);
      expectForAt(TokenType.RIGHT_PAREN);
      return start ? new AtModifier.Start() : new AtModifier.End();
    }
    boolean negative = tokens.at(TokenType.MINUS);
    if (negative || tokens.at(TokenType.PLUS)) {
      tokens.take();
    }
    if (!tokens.at(TokenType.NUMBER) && !tokens.at(TokenType.DURATION)) {
      throw tokens.unexpected("@", "timestamp");
    }
    double seconds = Literals.seconds(tokens, tokens.take());
    seconds = negative ? -seconds : seconds;
    if (!(Math.abs(seconds) < 0x1p63)) {
      tokens.error(expr.position(), "timestamp out of bounds for @ modifier: " + decimal(seconds));
    }
    return new AtModifier.Timestamp(Math.round(seconds * 1000));
  }

  private static String decimal(double seconds) {
    if (Double.isInfinite(seconds)) {
      return seconds > 0 ? "+Inf" : "-Inf";
    }
    return Double.isNaN(seconds) ? "NaN" : String.format("%f", seconds);
  }

  private void expectForAt(TokenType type) throws Tokens.Unexpected {
    if (!tokens.accept(type)) {
      throw tokens.unexpected("@", "timestamp");
    }
  }

  private Expr at(Expr expr, AtModifier at) {
    PositionRange position = new PositionRange(expr.position().start(), tokens.end());
    return switch (expr) {
      case VectorSelector selector -> {
        checkOnce(expr, selector.at());
        yield selector.withAt(at).withPosition(position);
      }
      case MatrixSelector matrix -> {
        checkOnce(expr, matrix.selector().at());
        yield new MatrixSelector(matrix.selector().withAt(at), matrix.range(), position);
      }
      case Subquery subquery -> {
        checkOnce(expr, subquery.at());
        yield subquery.withAt(at).withPosition(position);
      }
      default -> {
        tokens.error(
            expr.position(),
            "@ modifier must be preceded by an instant vector selector or range vector selector"
                + " or a subquery");
        yield expr;
      }
    };
  }

  private void checkOnce(Expr expr, @Nullable AtModifier before) {
    if (before != null) {
      tokens.error(expr.position(), "@ <timestamp> may not be set multiple times");
    }
  }

  private Expr edge(Expr expr, Edge edge, String name) {
    if (!tokens.options().extendedRanges()) {
      tokens.error(expr.position(), name + " modifier is experimental and not enabled");
      return expr;
    }
    return switch (expr) {
      case VectorSelector selector -> {
        checkEdge(expr, selector, edge);
        yield selector.withEdge(edge);
      }
      case MatrixSelector matrix -> {
        checkEdge(expr, matrix.selector(), edge);
        yield new MatrixSelector(
            matrix.selector().withEdge(edge), matrix.range(), matrix.position());
      }
      case Subquery _ -> {
        tokens.error(expr.position(), name + " modifier is not supported for subqueries");
        yield expr;
      }
      default -> {
        tokens.error(expr.position(), name + " modifier not implemented");
        yield expr;
      }
    };
  }

  private void checkEdge(Expr expr, VectorSelector selector, Edge edge) {
    if (selector.edge() != Edge.PLAIN && selector.edge() != edge) {
      tokens.error(expr.position(), "anchored and smoothed modifiers cannot be used together");
    }
  }
}
