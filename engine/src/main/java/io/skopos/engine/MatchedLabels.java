// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.Matcher;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The labels of what is missing, as far as its selector tells them. */
public final class MatchedLabels {

  private MatchedLabels() {}

  /** Labels that are equated once and not mentioned again; never the metric's name. */
  public static Labels of(List<Matcher> matchers) {
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
