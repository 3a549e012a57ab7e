// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import io.skopos.engine.text.StringSyntax;
import io.skopos.metrics.language.ast.Aggregate;
import io.skopos.metrics.language.ast.Binary;
import io.skopos.metrics.language.ast.Call;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.MatrixSelector;
import io.skopos.metrics.language.ast.NumberLiteral;
import io.skopos.metrics.language.ast.Paren;
import io.skopos.metrics.language.ast.PositionRange;
import io.skopos.metrics.language.ast.Signature;
import io.skopos.metrics.language.ast.StringLiteral;
import io.skopos.metrics.language.ast.Subquery;
import io.skopos.metrics.language.ast.Unary;
import io.skopos.metrics.language.ast.ValueType;
import io.skopos.metrics.language.ast.VectorMatching;
import io.skopos.metrics.language.ast.VectorMatching.Cardinality;
import io.skopos.metrics.language.ast.VectorSelector;
import io.skopos.model.Label;
import io.skopos.model.Matcher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks that every part of a tree has the type its place wants, and settles what depends on types:
 * matching stands only between vectors, set operators match many to many, the second argument of
 * {@code info} may select everything.
 */
final class TypeCheck {

  private static final String OPERANDS =
      "binary expression must contain only scalar and instant vector types";

  private final byte[] text;
  private final List<ParseError> errors;

  TypeCheck(String query, List<ParseError> errors) {
    this.text = query.getBytes(StandardCharsets.UTF_8);
    this.errors = errors;
  }

  Expr check(Expr expr) {
    return switch (expr) {
      case NumberLiteral number -> number;
      case StringLiteral string -> string;
      case VectorSelector selector -> check(selector);
      case MatrixSelector matrix -> {
        check(matrix.selector());
        yield matrix;
      }
      case Paren(Expr inner, PositionRange position) -> new Paren(check(inner), position);
      case Unary unary -> check(unary);
      case Subquery subquery -> check(subquery);
      case Aggregate aggregate -> check(aggregate);
      case Binary binary -> check(binary);
      case Call call -> check(call);
    };
  }

  private Expr expect(Expr expr, ValueType wanted, String context) {
    Expr checked = check(expr);
    if (checked.type() != wanted) {
      error(
          expr.position(),
          "expected type "
              + wanted.documented()
              + " in "
              + context
              + ", got "
              + checked.type().documented());
    }
    return checked;
  }

  private Expr check(VectorSelector selector) {
    if (!selector.name().isEmpty()) {
      // The last matcher is the one the name in front stands for.
      for (Matcher matcher : selector.matchers().subList(0, selector.matchers().size() - 1)) {
        if (matcher.name().equals(Label.METRIC_NAME)) {
          error(
              selector.position(),
              "metric name must not be set twice: "
                  + StringSyntax.quote(selector.name())
                  + " or "
                  + StringSyntax.quote(matcher.value()));
        }
      }
    } else if (!selector.labelsOnly()
        && selector.matchers().stream().allMatch(SelectorParser::matchesEmpty)) {
      error(selector.position(), "vector selector must contain at least one non-empty matcher");
    }
    return selector;
  }

  private Expr check(Unary unary) {
    Expr operand = check(unary.expr());
    if (!isOperand(operand)) {
      error(
          unary.position(),
          "unary expression only allowed on expressions of type scalar or instant vector, got "
              + StringSyntax.quote(operand.type().documented()));
    }
    return new Unary(unary.negative(), operand, unary.position());
  }

  private Expr check(Subquery subquery) {
    Expr inner = check(subquery.expr());
    if (inner.type() != ValueType.VECTOR) {
      error(
          subquery.position(),
          "subquery is only allowed on instant vector, got " + inner.type().symbol() + " instead");
    }
    return new Subquery(
        inner,
        subquery.range(),
        subquery.step(),
        subquery.offset(),
        subquery.at(),
        subquery.position());
  }

  private Expr check(Aggregate aggregate) {
    Expr inner = expect(aggregate.expr(), ValueType.VECTOR, "aggregation expression");
    Expr parameter = aggregate.parameter();
    if (parameter != null) {
      parameter = expect(parameter, aggregate.operator().parameter(), "aggregation parameter");
    }
    return new Aggregate(
        aggregate.operator(),
        inner,
        parameter,
        aggregate.grouping(),
        aggregate.without(),
        aggregate.position());
  }

  private Expr check(Binary binary) {
    Expr left = check(binary.left());
    Expr right = check(binary.right());
    boolean comparison = binary.operator().isComparison();
    if (binary.returnBool() && !comparison) {
      error(operatorPosition(binary), "bool modifier can only be used on comparison operators");
    }
    if (comparison
        && !binary.returnBool()
        && left.type() == ValueType.SCALAR
        && right.type() == ValueType.SCALAR) {
      error(operatorPosition(binary), "comparisons between scalars must use BOOL modifier");
    }
    VectorMatching matching = binary.matching();
    if (matching != null) {
      checkLabels(binary, matching);
    }
    if (!isOperand(left)) {
      error(left.position(), OPERANDS);
    }
    if (!isOperand(right)) {
      error(right.position(), OPERANDS);
    }
    if (matching != null) {
      matching = settle(binary, matching, left, right);
    }
    if (binary.operator().isSet()
        && (left.type() == ValueType.SCALAR || right.type() == ValueType.SCALAR)) {
      error(
          binary.position(),
          "set operator "
              + StringSyntax.quote(binary.operator().symbol())
              + " not allowed in binary scalar expression");
    }
    return new Binary(binary.operator(), left, right, matching, binary.returnBool());
  }

  private void checkLabels(Binary binary, VectorMatching matching) {
    for (String label : matching.labels()) {
      for (String included : matching.include()) {
        if (matching.on() && label.equals(included)) {
          error(
              operatorPosition(binary),
              "label "
                  + StringSyntax.quote(label)
                  + " must not occur in ON and GROUP clause at once");
        }
      }
    }
  }

  private @Nullable VectorMatching settle(
      Binary binary, VectorMatching matching, Expr left, Expr right) {
    PositionRange position = binary.position();
    boolean fills = matching.fillLeft() != null || matching.fillRight() != null;
    if (left.type() != ValueType.VECTOR || right.type() != ValueType.VECTOR) {
      if (!matching.labels().isEmpty()) {
        error(position, "vector matching only allowed between instant vectors");
      }
      if (fills) {
        error(position, "filling in missing series only allowed between instant vectors");
      }
      return null;
    }
    if (!binary.operator().isSet()) {
      return matching;
    }
    if (matching.cardinality() != Cardinality.ONE_TO_ONE) {
      error(
          position,
          "no grouping allowed for "
              + StringSyntax.quote(binary.operator().symbol())
              + " operation");
      error(position, "set operations must always be many-to-many");
    }
    if (fills) {
      error(position, "filling in missing series not allowed for set operators");
    }
    return new VectorMatching(
        Cardinality.MANY_TO_MANY,
        matching.labels(),
        matching.on(),
        matching.include(),
        matching.fillLeft(),
        matching.fillRight());
  }

  private Expr check(Call call) {
    checkCount(call);
    boolean info = call.function().name().equals("info") && call.arguments().size() > 1;
    if (info) {
      checkInfoLabels(call);
    }
    Signature function = call.function();
    int types = function.argumentTypes().size();
    List<Expr> arguments = new ArrayList<>(call.arguments().size());
    for (int i = 0; i < call.arguments().size(); i++) {
      Expr argument = call.arguments().get(i);
      if (info && i == 1 && argument instanceof VectorSelector selector) {
        argument = labelsOnly(selector);
      }
      if (i >= types && function.variadic() == 0) {
        arguments.add(argument);
        continue;
      }
      ValueType wanted = function.argumentTypes().get(Math.min(i, types - 1));
      arguments.add(
          expect(argument, wanted, "call to function " + StringSyntax.quote(function.name())));
    }
    return new Call(function, arguments, call.position());
  }

  private void checkCount(Call call) {
    Signature function = call.function();
    int listed = function.argumentTypes().size();
    int given = call.arguments().size();
    String expected = null;
    if (function.variadic() == 0) {
      expected = given == listed ? null : String.valueOf(listed);
    } else if (given < listed - 1) {
      expected = "at least " + (listed - 1);
    } else if (function.variadic() > 0 && given > listed - 1 + function.variadic()) {
      expected = "at most " + (listed - 1 + function.variadic());
    }
    if (expected != null) {
      error(
          call.position(),
          "expected "
              + expected
              + " argument(s) in call to "
              + StringSyntax.quote(function.name())
              + ", got "
              + given);
    }
  }

  private void checkInfoLabels(Call call) {
    Expr labels = call.arguments().get(1);
    if (labels.type() != ValueType.VECTOR) {
      error(
          call.position(),
          "expected type instant vector in call to function \"info\", got "
              + labels.type().documented());
    }
    if (!(labels instanceof VectorSelector selector)) {
      error(labels.position(), "expected label selectors only");
    } else if (!selector.name().isEmpty()) {
      error(labels.position(), "expected label selectors only, got vector selector instead");
    }
  }

  private static VectorSelector labelsOnly(VectorSelector selector) {
    return new VectorSelector(
        selector.name(),
        selector.matchers(),
        selector.offset(),
        selector.at(),
        selector.edge(),
        selector.name().isEmpty(),
        selector.position());
  }

  private static boolean isOperand(Expr expr) {
    return expr.type() == ValueType.SCALAR || expr.type() == ValueType.VECTOR;
  }

  /** From the operator's first to its last byte, modifiers included; the end is that last byte. */
  private PositionRange operatorPosition(Binary binary) {
    int start = binary.left().position().end();
    while (isSpace(text[start])) {
      start++;
    }
    int end = binary.right().position().start() - 1;
    while (isSpace(text[end])) {
      end--;
    }
    return new PositionRange(start, end);
  }

  private static boolean isSpace(byte c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private void error(PositionRange position, String message) {
    errors.add(new ParseError(position, message));
  }
}
