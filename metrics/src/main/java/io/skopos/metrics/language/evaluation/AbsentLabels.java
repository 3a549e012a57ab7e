// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

import io.skopos.engine.MatchedLabels;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.MatrixSelector;
import io.skopos.metrics.language.ast.VectorSelector;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import java.util.List;

/** The labels of what is missing, as far as its selector tells them. */
final class AbsentLabels {

  private AbsentLabels() {}

  /** Labels that are equated once and not mentioned again; none unless it is a selector. */
  static Labels of(Expr expr) {
    List<Matcher> matchers;
    if (expr.unwrapped() instanceof VectorSelector selector) {
      matchers = selector.matchers();
    } else if (expr.unwrapped() instanceof MatrixSelector matrix) {
      matchers = matrix.selector().matchers();
    } else {
      return Labels.EMPTY;
    }
    return MatchedLabels.of(matchers);
  }
}
