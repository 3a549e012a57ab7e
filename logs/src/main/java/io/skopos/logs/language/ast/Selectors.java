// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

import io.skopos.model.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The selectors of a query. */
public final class Selectors {

  private Selectors() {}

  /** The matchers of each, in the order of the text. */
  public static List<List<Matcher>> of(Expr expr) {
    List<List<Matcher>> found = new ArrayList<>();
    visit(expr, log -> found.add(log.matchers()));
    return found;
  }

  /** Calls the visitor with each log expression, in the order of the text. */
  public static void visit(Expr expr, Consumer<LogExpr> visitor) {
    switch (expr) {
      case LogExpr log -> visitor.accept(log);
      case RangeAggregation range -> visitor.accept(range.range().log());
      case VectorAggregation aggregation -> visit(aggregation.expr(), visitor);
      case LabelReplace replace -> visit(replace.expr(), visitor);
      case Binary binary -> {
        visit(binary.left(), visitor);
        visit(binary.right(), visitor);
      }
      case Literal _, VectorLiteral _ -> {}
    }
  }
}
