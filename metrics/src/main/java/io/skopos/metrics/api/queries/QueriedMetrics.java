// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api.queries;

import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.VectorSelector;
import io.skopos.model.Label;
import io.skopos.model.Matcher;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which metrics a query names. */
public final class QueriedMetrics {

  /** Names of one query that are remembered. */
  private static final int MAX_NAMES = 100;

  private static final int MAX_LENGTH = 512;

  private QueriedMetrics() {}

  /** Names without repetition; a condition on the name that is not {@code =} as it is written. */
  public static List<String> of(Expr query) {
    Set<String> names = new LinkedHashSet<>();
    query.forEach(expr -> {
      if (expr instanceof VectorSelector selector && !selector.labelsOnly()) {
        add(selector.matchers(), names);
      }
    });
    return new ArrayList<>(names);
  }

  public static List<String> of(List<List<Matcher>> selectors) {
    Set<String> names = new LinkedHashSet<>();
    selectors.forEach(matchers -> add(matchers, names));
    return new ArrayList<>(names);
  }

  private static void add(List<Matcher> matchers, Set<String> names) {
    for (Matcher matcher : matchers) {
      if (matcher.name().equals(Label.METRIC_NAME) && names.size() < MAX_NAMES) {
        String name =
            matcher.type() == Matcher.Type.EQUAL
                ? matcher.value()
                : matcher.type().symbol() + '"' + matcher.value() + '"';
        names.add(name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) : name);
      }
    }
  }
}
