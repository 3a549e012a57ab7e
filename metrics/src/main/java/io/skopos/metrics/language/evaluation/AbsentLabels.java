// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.MatrixSelector;
import io.skopos.metrics.language.ast.VectorSelector;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.Matcher;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
    LabelsBuilder labels = new LabelsBuilder();
    Set<String> equated = new HashSet<>();
    for (Matcher matcher : matchers) {
      if (matcher.name().equals(Label.METRIC_NAME)) {
        continue;
      }
      if (matcher.type() == Matcher.Type.EQUAL && equated.add(matcher.name())) {
        labels.set(matcher.name(), matcher.value());
      } else {
        labels.remove(matcher.name());
      }
    }
    return labels.build();
  }
}
