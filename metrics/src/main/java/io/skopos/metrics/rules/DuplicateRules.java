// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rules that bring the same series, which makes results depend on who comes last. */
public final class DuplicateRules {

  private DuplicateRules() {}

  private record Identity(String name, Map<String, String> labels) {}

  /** Of each name and labels that several rules have, the second of them. */
  public static List<Rule> in(List<RuleGroup> groups) {
    Map<Identity, Integer> counts = new HashMap<>();
    List<Rule> duplicates = new ArrayList<>();
    for (RuleGroup group : groups) {
      for (Rule rule : group.rules()) {
        Map<String, String> labels = new HashMap<>(group.labels());
        labels.putAll(rule.labels());
        if (counts.merge(new Identity(rule.name(), labels), 1, Integer::sum) == 2) {
          duplicates.add(rule);
        }
      }
    }
    return duplicates;
  }
}
