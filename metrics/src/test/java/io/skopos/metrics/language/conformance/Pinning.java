// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.conformance;

import io.skopos.metrics.language.ast.Aggregate;
import io.skopos.metrics.language.ast.AtModifier;
import io.skopos.metrics.language.ast.Binary;
import io.skopos.metrics.language.ast.Call;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.MatrixSelector;
import io.skopos.metrics.language.ast.NumberLiteral;
import io.skopos.metrics.language.ast.Paren;
import io.skopos.metrics.language.ast.StringLiteral;
import io.skopos.metrics.language.ast.Subquery;
import io.skopos.metrics.language.ast.Unary;
import io.skopos.metrics.language.ast.VectorSelector;

/** Puts {@code @ time} on every outermost selector or subquery that has none. */
final class Pinning {

  private Pinning() {}

  static Expr pin(Expr expr, long timeMs) {
    return switch (expr) {
      case NumberLiteral number -> number;
      case StringLiteral text -> text;
      case VectorSelector selector -> pin(selector, timeMs);
      case MatrixSelector matrix ->
          new MatrixSelector(pin(matrix.selector(), timeMs), matrix.range(), matrix.position());
      case Subquery subquery ->
          subquery.at() == null ? subquery.withAt(new AtModifier.Timestamp(timeMs)) : subquery;
      case Paren paren -> new Paren(pin(paren.expr(), timeMs), paren.position());
      case Unary unary -> new Unary(unary.negative(), pin(unary.expr(), timeMs), unary.position());
      case Binary binary ->
          new Binary(
              binary.operator(),
              pin(binary.left(), timeMs),
              pin(binary.right(), timeMs),
              binary.matching(),
              binary.returnBool());
      case Aggregate aggregate ->
          new Aggregate(
              aggregate.operator(),
              pin(aggregate.expr(), timeMs),
              aggregate.parameter() == null ? null : pin(aggregate.parameter(), timeMs),
              aggregate.grouping(),
              aggregate.without(),
              aggregate.position());
      case Call call ->
          new Call(
              call.function(),
              call.arguments().stream().map(argument -> pin(argument, timeMs)).toList(),
              call.position());
    };
  }

  private static VectorSelector pin(VectorSelector selector, long timeMs) {
    return selector.at() == null && !selector.labelsOnly()
        ? selector.withAt(new AtModifier.Timestamp(timeMs))
        : selector;
  }
}
