// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.rules;

import java.util.List;

/**
 * What a rule file says. Plain data.
 *
 * @param name what messages call it, mostly its path
 * @param warnings what is accepted and surely not meant
 */
public record RuleFile(String name, List<RuleGroup> groups, List<String> warnings) {

  public RuleFile {
    groups = List.copyOf(groups);
    warnings = List.copyOf(warnings);
  }

  /** The rules of all groups. */
  public List<Rule> rules() {
    return groups.stream().flatMap(group -> group.rules().stream()).toList();
  }
}
