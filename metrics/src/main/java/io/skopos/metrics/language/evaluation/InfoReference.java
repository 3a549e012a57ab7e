// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

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
import io.skopos.metrics.language.ast.ValueType;
import io.skopos.metrics.language.ast.VectorSelector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The time at which {@code info} looks for info series: that of its argument's samples, if all
 * paths to a selector agree on one, else that of each step.
 *
 * @param at fixed by {@code @}, or null
 * @param offsetMs before that time, or before each step
 */
record InfoReference(@Nullable AtModifier at, long offsetMs) {

  static final InfoReference STEP = new InfoReference(null, 0);

  static InfoReference of(Expr expr) {
    List<InfoReference> references = new ArrayList<>();
    collect(expr, references);
    boolean agreed = references.stream().distinct().count() == 1;
    return agreed ? references.getFirst() : STEP;
  }

  private static void collect(Expr expr, List<InfoReference> into) {
    switch (expr) {
      case VectorSelector selector -> into.add(at(selector.at(), selector.offset().millis()));
      case MatrixSelector matrix -> collect(matrix.selector(), into);
      case Subquery subquery -> {
        InfoReference inner = of(subquery.expr());
        into.add(
            inner.at != null
                ? inner
                : at(subquery.at(), subquery.offset().millis() + inner.offsetMs));
      }
      case Paren paren -> collect(paren.expr(), into);
      case Unary unary -> collect(unary.expr(), into);
      case Aggregate aggregate -> collect(aggregate.expr(), into);
      case Binary binary -> vectors(binary.children(), into);
      case Call call -> vectors(call.arguments(), into);
      case NumberLiteral _, StringLiteral _ -> into.add(STEP);
    }
  }

  /** Scalars have no say, unless there is nothing else. */
  private static void vectors(List<Expr> children, List<InfoReference> into) {
    int before = into.size();
    for (Expr child : children) {
      if (child.type() == ValueType.VECTOR || child.type() == ValueType.MATRIX) {
        collect(child, into);
      }
    }
    if (into.size() == before) {
      into.add(STEP);
    }
  }

  /** {@code @ 180 offset 1m} means the same as {@code @ 120}. */
  private static InfoReference at(@Nullable AtModifier at, long offsetMs) {
    return at instanceof AtModifier.Timestamp(long millis)
        ? new InfoReference(new AtModifier.Timestamp(millis - offsetMs), 0)
        : new InfoReference(at, offsetMs);
  }
}
