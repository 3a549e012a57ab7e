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
    if (expr instanceof LogExpr log) {
      visitor.accept(log);
    } else {
      visitRanges(expr, aggregation -> visitor.accept(aggregation.range().log()));
    }
  }

  /** Calls the visitor with each range aggregation, in the order of the text. */
  public static void visitRanges(Expr expr, Consumer<RangeAggregation> visitor) {
    switch (expr) {
      case RangeAggregation range -> visitor.accept(range);
      case VectorAggregation aggregation -> visitRanges(aggregation.expr(), visitor);
      case LabelReplace replace -> visitRanges(replace.expr(), visitor);
      case Binary binary -> {
        visitRanges(binary.left(), visitor);
        visitRanges(binary.right(), visitor);
      }
      case LogExpr _, Literal _, VectorLiteral _ -> {}
    }
  }
}
